package io.tidemark.model.registry;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a version fared in one worker for a short time, as a record of {@code vitals}: what the guard watches, and how challengers
 * compare with the champion.
 *
 * @param version the version
 * @param challenger whether it scored in the shadow
 * @param worker the worker's instance name
 * @param fromMs the time covered, epoch milliseconds
 * @param toMs its end
 */
public record HealthReport(
        @JsonUnwrapped ModelId model,
        int version,
        boolean challenger,
        String worker,
        long fromMs,
        long toMs,
        @JsonUnwrapped Scored scored,
        @JsonUnwrapped Comparison shadow) {

    /**
     * How it scored.
     *
     * @param samples samples that it was asked about, without those that no model could judge
     * @param failed of them, samples that it gave no number for
     * @param errorMedian median of the aggregated error, in scale units, within 5 %; NaN without samples
     * @param errorUpper nine in ten are below
     * @param nanosPerSample time of a forward pass for each sample
     */
    public record Scored(long samples, long failed, double errorMedian, double errorUpper, double nanosPerSample) {}

    /**
     * How a challenger compares with the champion.
     *
     * @param compared a challenger's samples that the champion scored too
     * @param errorRatio median error over the champion's on the same samples; NaN without them
     * @param agreement rank correlation with the champion's errors on the same samples; NaN without them
     */
    public record Comparison(long compared, double errorRatio, double agreement) {}

    public HealthReport {
        Objects.requireNonNull(worker, "a report must name its worker");
        ModelVersion.checkNumber(version);
    }

    /** The record's key. */
    @JsonIgnore
    public String key() {
        return model.stream() + "/" + model.network() + "/" + version;
    }

    public byte[] toJson() {
        return RegistryJson.write(this);
    }

    /** @throws DamagedModelException when it is not such a record */
    public static HealthReport fromJson(byte @Nullable [] json) {
        return RegistryJson.read(json, HealthReport.class);
    }
}
