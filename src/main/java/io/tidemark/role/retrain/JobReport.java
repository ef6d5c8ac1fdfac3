package io.tidemark.role.retrain;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.learn.fit.Errors;
import io.tidemark.learn.fit.FitReport;
import io.tidemark.learn.tuning.SearchResult;
import io.tidemark.series.sample.MalformedRecordException;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a job ended, as a record of {@code reports} holds it in JSON. Written in the transaction that publishes what was trained.
 *
 * @param job what was asked for
 * @param status how it ended
 * @param reason a sentence for people; empty when all went well
 */
public record JobReport(
        RetrainJob job,
        Status status,
        String reason,
        @JsonUnwrapped Work work,
        @JsonUnwrapped Outcome outcome) {

    /**
     * Who did it, and what it took.
     *
     * @param worker instance name of who did it
     * @param deliveries how often the job had been given out
     * @param startedMs wall time; epoch milliseconds
     * @param endedMs wall time; epoch milliseconds
     * @param cpuSeconds processor time of the whole job, the search included
     */
    public record Work(String worker, int deliveries, long startedMs, long endedMs, double cpuSeconds) {}

    /**
     * What came of it.
     *
     * @param version the network that a challenger was offered of, as {@code STREAM/NETWORK}; the registrar numbers it
     *     under the job's id; empty when nothing was offered
     * @param history what it learnt from; null when it read none
     * @param search what was tried; null when nothing was
     * @param fit the training that chose with its curve and its errors on the validation and the test part, and those
     *     of what was published on the holdout; null when there was none
     * @param champion errors of the network's present champion on the same test part; null when there is none
     */
    public record Outcome(
            String version,
            @Nullable Part history,
            @Nullable SearchResult search,
            @Nullable FitReport fit,
            @Nullable Errors champion) {}

    /** How a job ended. */
    public enum Status {
        /** A challenger was offered to the registry. */
        DONE,
        /** There was too little history, or the network does not fit the stream; nothing was trained. */
        SKIPPED,
        /** It failed, or its workers died, as often as is allowed. */
        FAILED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What a job learnt from.
     *
     * @param toMs event time of the last example
     * @param first the first offset read of {@code training} and of {@code gates}; the job names where reading ended
     */
    public record Part(
            @JsonUnwrapped RowCounts counts,
            @JsonUnwrapped Choice choice,
            @JsonUnwrapped Published published,
            long toMs,
            @Nullable Map<String, Long> first) {

        /**
         * The rows that were read.
         *
         * @param rows rows that may teach
         * @param withheld rows that may not
         * @param waiting rows that no gate has judged
         * @param series series they are of
         */
        public record RowCounts(int rows, long withheld, int waiting, int series) {}

        /**
         * The examples that chose the settings and the weights' best moment, cut by time.
         *
         * @param train examples before {@code validationFromMs}
         * @param validation examples from there to {@code testFromMs}
         * @param test examples from there on
         * @param fromMs event time of the first example
         * @param validationFromMs event time of the first cut
         * @param testFromMs event time of the second cut
         */
        public record Choice(
                int train, int validation, int test, long fromMs, long validationFromMs, long testFromMs) {}

        /**
         * The examples of what was published.
         *
         * @param taught examples that what was published was trained on
         * @param holdout examples behind them, which it was measured on
         * @param holdoutFromMs event time of the first of these
         */
        public record Published(int taught, int holdout, long holdoutFromMs) {}
    }

    private static final ObjectMapper JSON = new ObjectMapper()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** The same with the version that was published. */
    JobReport of(String published) {
        return new JobReport(
                job,
                status,
                reason,
                work,
                new Outcome(published, outcome.history(), outcome.search(), outcome.fit(), outcome.champion()));
    }

    public byte[] toJson() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @throws MalformedRecordException when the bytes are not a report */
    public static JobReport fromJson(byte[] json) {
        try {
            JobReport report = JSON.readValue(json, JobReport.class);
            if (report == null || report.job() == null || report.status() == null) {
                throw new MalformedRecordException("a report must name its job and how it ended");
            }
            return report;
        } catch (IOException | IllegalArgumentException e) {
            throw new MalformedRecordException("not a report of a job: " + e.getMessage());
        }
    }
}
