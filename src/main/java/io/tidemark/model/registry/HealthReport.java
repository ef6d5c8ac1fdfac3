package io.tidemark.model.registry;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a version fared in one worker for a short time, as a record of {@code vitals}: what the guard watches, and how challengers
 * compare with the champion.
 *
 * @param stream the stream
 * @param network the network
 * @param version the version
 * @param challenger whether it scored in the shadow
 * @param worker the worker's instance name
 * @param fromMs the time covered, epoch milliseconds
 * @param toMs its end
 * @param samples samples that it was asked about, without those that no model could judge
 * @param failed of them, samples that it gave no number for
 * @param errorMedian median of the aggregated error, in scale units, within 5 %; NaN without samples
 * @param errorUpper nine in ten are below
 * @param nanosPerSample time of a forward pass for each sample
 * @param compared a challenger's samples that the champion scored too
 * @param errorRatio median error over the champion's on the same samples; NaN without them
 * @param agreement rank correlation with the champion's errors on the same samples; NaN without them
 */
public record HealthReport(
        String stream,
        String network,
        int version,
        boolean challenger,
        String worker,
        long fromMs,
        long toMs,
        long samples,
        long failed,
        double errorMedian,
        double errorUpper,
        double nanosPerSample,
        long compared,
        double errorRatio,
        double agreement) {
    public HealthReport {
        new ModelId(stream, network);
        Objects.requireNonNull(worker, "a report must name its worker");
        ModelVersion.checkNumber(version);
    }

    @JsonIgnore
    public ModelId model() {
        return new ModelId(stream, network);
    }

    /** The record's key. */
    @JsonIgnore
    public String key() {
        return stream + "/" + network + "/" + version;
    }

    public byte[] toJson() {
        return RegistryJson.write(this);
    }

    /** @throws DamagedModelException when it is not such a record */
    public static HealthReport fromJson(byte @Nullable [] json) {
        return RegistryJson.read(json, HealthReport.class);
    }
}
