package io.tidemark.model.inference;

import io.tidemark.series.sample.Sample;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.Wire;

/**
 * One sample on its way through the networks: the decoded record before, its inference after.
 *
 * <p>Reused from batch to batch by one thread; {@link #inference} is a fresh array each time.
 */
public final class PendingSample {
    public final Sample sample = new Sample();
    public final Step step = new Step();

    /** Why no network can judge this sample; empty while one may. {@link BatchScorer} sets it on a poison sample. */
    public String failure = "";

    /** Whether challengers are asked about this sample too; they are only when the scorer has some. */
    public boolean challenged;

    /** The encoded {@link io.tidemark.series.sample.Inference}; empty before scoring. */
    public byte[] inference = NONE;

    /** A record of {@code codes}; empty where none is declared, or the network that gives them did not score. */
    public byte[] code = NONE;

    /** A heat map of the frame as a PNG file; empty where none is declared, or no network scored. */
    public byte[] map = NONE;

    /** What a network made of the frame, as a PNG file; empty where none is declared, or no autoencoder scored. */
    public byte[] reconstruction = NONE;

    static final byte[] NONE = new byte[0];

    /**
     * Points this at a record.
     *
     * @throws io.tidemark.series.sample.MalformedRecordException when the record is cut or of another version
     */
    public PendingSample read(byte[] record) {
        failure = "";
        challenged = false;
        clear();
        sample.wrap(record, step);
        return this;
    }

    /** Lets go of what was made of the sample. */
    public void clear() {
        inference = NONE;
        code = NONE;
        map = NONE;
        reconstruction = NONE;
    }

    /**
     * Points this at a step without rows, so that a sample whose rows cannot be read still gets an inference that says why.
     *
     * @param source the step to copy
     * @param reason becomes {@link #failure}
     */
    public PendingSample fail(Step source, String reason) {
        read(Sample.encode(Wire.writer(256), source, new float[0], 0));
        failure = reason;
        return this;
    }
}
