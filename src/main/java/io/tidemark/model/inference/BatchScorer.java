package io.tidemark.model.inference;

import io.tidemark.config.ImageSpec;
import io.tidemark.judge.outcome.CodeWriter;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.network.Network;
import io.tidemark.series.sample.Frame;
import io.tidemark.series.sample.Inference;
import io.tidemark.series.sample.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns samples of one stream into inferences: what each of its networks says of each sample.
 *
 * <ol>
 *   <li>Every sample gets exactly one inference, in the order given, with one member for each declared network, in declared
 *       order; a member without a number says why ({@link Inference.Status}).
 *   <li>An autoencoder's error is |reconstruction - z| of the last row. A forecaster reads the rows before the last, and its
 *       error is |median - z| of its first forecast row; where a forecast is due it runs once more on the rows up to the last.
 *   <li>Each network runs forward once for each block of at most {@code capacity} samples. Cut into other blocks, the same
 *       samples give the same numbers within 1e-5.
 *   <li>A batch on which the engine throws is bisected only when a reference sample passes; the sample that remains is poison
 *       and gets {@link PendingSample#failure}. When the reference fails too, the model is suspended and its members are FAILED
 *       until the next {@link #swap}; when even an untrained network fails, {@link BrokenEngineException} is thrown.
 *   <li>Of several networks each is also asked about the batch's {@link Probes}, whose samples they cannot fail.
 *   <li>Challengers are asked about the samples marked for them, after the champions; nothing they do changes what champions say.
 *   <li>Where a network gives its code ({@link CodedNetworks}), every sample that it scored gets a record of it.
 *   <li>Scoring never learns: equal samples and models give equal inferences.
 * </ol>
 *
 * <p>Owned by one thread. Nothing is allocated for a sample but its inference.
 */
public final class BatchScorer implements AutoCloseable {
    /** Samples in one forward, unless said otherwise. */
    public static final int CAPACITY = 1024;

    /** Values that a block of frames holds at most, so that large frames make small blocks. */
    private static final int FRAME_VALUES_MAX = 1 << 17;

    private final int features;
    private final int capacity;
    private final Optional<ImageSpec> image;
    private final @Nullable FramePictures pictures;
    private final List<MemberScorer> members = new ArrayList<>();
    private final CodeWriter codes = new CodeWriter();
    private final Challengers challengers;
    private final Probes probes = new Probes();
    private final List<PendingSample> probed = new ArrayList<>();
    /** Place of a block's sample among the probes; -1 for the others. */
    private final int[] probePlaces;

    /** Each network's errors on the probes of a block, by the slot of the sample; NaN where there is none. */
    private float[][] probeErrors = new float[0][];

    private final Inference inference = new Inference();
    private final Wire wire = Wire.writer(4096);

    /**
     * @param networks the stream's networks, bound to its features, in declared order; may be empty
     * @param features values in a row; in [1, 4096]
     * @param capacity the most samples in one forward; in [1, 65536]
     */
    public BatchScorer(Engine engine, List<Network> networks, int features, int capacity) {
        this(engine, networks, features, capacity, (network, nanos) -> {});
    }

    /** @param times hears of every forward pass */
    public BatchScorer(Engine engine, List<Network> networks, int features, int capacity, ForwardTimes times) {
        this.features = features;
        this.capacity = capacity;
        this.image = Optional.empty();
        this.pictures = null;
        for (Network network : networks) {
            if (network.features() != features) {
                throw new IllegalArgumentException("network " + network.spec().name() + " is bound to "
                        + network.features() + " features, but the stream has " + features);
            }
            members.add(new WindowScorer(engine, network, capacity, times));
        }
        probePlaces = new int[this.capacity];
        challengers = new Challengers(
                networks, (network, own) -> new WindowScorer(engine, network, this.capacity, own), this.capacity);
    }

    /**
     * A scorer of frames.
     *
     * @param networks bound to the stream's frames or tiles
     * @param capacity the most frames in one forward; large frames make it smaller
     */
    public BatchScorer(Engine engine, List<Network> networks, ImageSpec image, int capacity, ForwardTimes times) {
        this.features = 1;
        int inputs = image.tileCount() * image.networkValues();
        this.capacity = Math.max(1, Math.min(capacity, FRAME_VALUES_MAX / inputs));
        this.image = Optional.of(image);
        this.pictures = new FramePictures(image);
        for (Network network : networks) {
            if (network.features() != image.networkValues()) {
                throw new IllegalArgumentException("network " + network.spec().name() + " is bound to "
                        + network.features() + " values, but the stream's frames have " + image.networkValues());
            }
            members.add(new FrameScorer(engine, network, image, this.capacity, times));
        }
        probePlaces = new int[this.capacity];
        challengers = new Challengers(
                networks, (network, own) -> new FrameScorer(engine, network, image, this.capacity, own), this.capacity);
    }

    /** The challengers that score beside the champions; none at first. */
    public Challengers challengers() {
        return challengers;
    }

    /** The most samples in one forward. */
    public int capacity() {
        return capacity;
    }

    /** Networks that have a model which is not suspended. */
    public int ready() {
        int ready = 0;
        for (MemberScorer member : members) if (member.ready()) ready++;
        return ready;
    }

    /** Version of a network's model; 0 when there is none. */
    public int version(String network) {
        return member(network).version();
    }

    /** Samples so far that a network answered so; samples that failed before any network was asked are in no count. */
    public long count(String network, Inference.Status status) {
        return member(network).count(status);
    }

    /** Why a network's model does not score; empty when it is not suspended. */
    public String suspended(String network) {
        return member(network).suspended();
    }

    /**
     * Makes a model score from the next batch on; ends a suspension.
     *
     * @param version as scores name it; at least 1
     * @param state weights, and whatever else; only what scoring needs is read
     */
    public void swap(String network, int version, NetworkState state) {
        member(network).swap(version, state);
    }

    private MemberScorer member(String network) {
        for (MemberScorer member : members) if (member.name().equals(network)) return member;
        throw new IllegalArgumentException("network " + network + " is not one of this stream's");
    }

    /**
     * Fills {@link PendingSample#inference} of every sample.
     *
     * @param samples of this stream; one whose {@link PendingSample#failure} is set gets an inference that carries it
     * @throws BrokenEngineException when the engine fails whatever it is given
     */
    public void score(List<PendingSample> samples) {
        for (int from = 0; from < samples.size(); from += capacity) {
            List<PendingSample> block = samples.subList(from, Math.min(samples.size(), from + capacity));
            for (int i = 0; i < block.size(); i++) checkFeatures(block.get(i));
            probe(block);
            for (int m = 0; m < members.size(); m++) members.get(m).run(block);
            challengers.run(block);
            for (int i = 0; i < block.size(); i++) encode(block.get(i), i);
        }
    }

    /** Asks about the probes first, since a network keeps what it said of one block only. */
    private void probe(List<PendingSample> block) {
        if (image.isPresent() || members.size() < 2) return;
        if (probeErrors.length == 0) probeErrors = new float[members.size()][capacity];
        probed.clear();
        for (int i = 0; i < block.size(); i++) {
            boolean due = Probes.isDue(block.get(i));
            probePlaces[i] = due ? probed.size() : -1;
            if (due) probed.add(probes.of(block.get(i), probed.size()));
        }
        for (int m = 0; m < members.size(); m++) probe(block.size(), members.get(m), probeErrors[m]);
    }

    private void probe(int samples, MemberScorer member, float[] into) {
        if (!probed.isEmpty()) member.run(probed);
        for (int i = 0; i < samples; i++) {
            into[i] = probePlaces[i] < 0 ? Float.NaN : member.meanError(probePlaces[i]);
        }
    }

    private void checkFeatures(PendingSample sample) {
        int count = sample.sample.features();
        if (count != features && sample.failure.isEmpty()) {
            sample.failure = "the sample has " + count + " features, but the stream declares " + features;
        }
        Frame frame = sample.sample.frame();
        boolean fits = image.map(spec -> frame != null
                        && frame.channels() == spec.size().channels()
                        && frame.rows() == spec.size().height()
                        && frame.columns() == spec.size().width())
                .orElse(frame == null);
        if (!fits && sample.failure.isEmpty())
            sample.failure = "the sample is not of the shape that the stream declares";
    }

    private void encode(PendingSample sample, int slot) {
        inference.clear();
        inference.failure = sample.failure;
        if (sample.failure.isEmpty()) {
            for (int m = 0; m < members.size(); m++) {
                Inference.Member member = inference.add(features);
                members.get(m).fill(slot, member);
                if (probeErrors.length > 0) member.probe = probeErrors[m][slot];
            }
            challengers.fill(sample, slot, inference, features);
        }
        challengers.hear(inference, features);
        sample.inference = inference.encode(wire, sample.sample);
        if (sample.failure.isEmpty()) code(sample, slot);
        if (pictures != null && pictures.areDeclared()) draw(pictures, sample, slot);
    }

    private void code(PendingSample sample, int slot) {
        for (int m = 0; m < members.size(); m++) {
            if (members.get(m).isCoded()) sample.code = members.get(m).code(slot, sample.step, codes);
        }
    }

    /** Pictures are of the first network that scored. */
    private void draw(FramePictures drawn, PendingSample sample, int slot) {
        if (!sample.failure.isEmpty()) return;
        for (MemberScorer member : members) {
            if (!(member instanceof FrameScorer frames)) continue;
            Optional<FrameJudgement> judgement = frames.judgement(slot);
            if (judgement.isEmpty()) continue;
            drawn.draw(sample, judgement.get());
            return;
        }
    }

    @Override
    public void close() {
        for (MemberScorer member : members) member.close();
        challengers.close();
    }
}
