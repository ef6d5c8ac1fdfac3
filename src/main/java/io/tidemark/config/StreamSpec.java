package io.tidemark.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A declared thing to watch, as a file of {@code topology/streams/} holds it.
 *
 * @param name lower-case letters, digits and dashes; in [1, 64] characters
 * @param about what a person should know; may be empty
 * @param input where events come from
 * @param grid how events become steps
 * @param scaling how values become comparable
 * @param networks the networks of {@code topology/zoo/} that watch it, in order; may be empty: value signals alone then score
 * @param outputs what is written beside scores
 * @param learning how much teaches, and when
 * @param verdict when a score becomes an alert
 * @param limits what one stream may use
 * @param retrain when and how its networks are trained anew
 * @param challengers how much challengers may cost
 * @param guard when a promotion is undone
 * @param incidents which alerts make one incident
 */
public record StreamSpec(
        String name,
        String about,
        InputSpec input,
        GridSpec grid,
        Scaling scaling,
        List<String> networks,
        Outputs outputs,
        Learning learning,
        Verdict verdict,
        Limits limits,
        Retrain retrain,
        ChallengerSpec challengers,
        GuardSpec guard,
        IncidentRules incidents) {

    /** Without a word about it and without codes, with challengers, guard and incidents as shipped. */
    public StreamSpec(
            String name,
            InputSpec input,
            GridSpec grid,
            Scaling scaling,
            List<String> networks,
            int forecastEvery,
            Learning learning,
            Verdict verdict,
            Limits limits,
            Retrain retrain) {
        this(
                name,
                "",
                input,
                grid,
                scaling,
                networks,
                new Outputs(forecastEvery, false),
                learning,
                verdict,
                limits,
                retrain,
                ChallengerSpec.SHIPPED,
                GuardSpec.SHIPPED,
                IncidentRules.SHIPPED);
    }

    /**
     * @param forecastEvery a forecast is written for every so many steps of a series; 0: none
     * @param codes whether the code of every sample is written, see {@code io.tidemark.model.inference.CodedNetworks}
     */
    public record Outputs(int forecastEvery, boolean codes) {
        /** @throws IllegalArgumentException when a value is out of its range */
        public Outputs {
            StreamSettings.EVERY.require(forecastEvery);
        }
    }

    /**
     * @param floor the smallest scale, in the feature's own units, relative to nothing; above 0
     * @param clip the largest |z|; in [1, 1000]
     * @param memory steps that the running location and scale look back over; in [10, 10_000_000]
     */
    public record Scaling(double floor, double clip, int memory) {
        /** @throws IllegalArgumentException when a value is out of its range */
        public Scaling {
            LearningSettings.FLOOR.require(floor);
            LearningSettings.CLIP.require(clip);
            LearningSettings.MEMORY.require(memory);
        }
    }

    /**
     * @param series series of the stream whose rows go to {@code training}; in [0, 100_000]
     * @param chunk rows in one training record; in [1, 1024]
     * @param bufferRows rows kept to draw batches from, for a network; in [64, 10_000_000]
     * @param seed of initial weights and batch draws
     * @param withhold share of the steps of a series, the most surprising ones, that never teach; in [0, 0.5]
     * @param share of one processor that learning may take, or of a GPU's time when it learns on one; in [0.001, 1],
     *     and 1 is no limit, for one thread learns
     */
    public record Learning(int series, int chunk, Pace pace, int bufferRows, long seed, double withhold, double share) {

        /**
         * How much is trained for how many rows.
         *
         * @param firstRows taught rows before the first model is trained; in [16, 10_000_000]
         * @param firstSteps optimiser steps for the first model; in [1, 1_000_000]
         * @param rowsPerStep taught rows for one more optimiser step; in [1, 1_000_000]
         * @param publishRows taught rows between two published versions; in [1, 100_000_000]
         * @param passes passes over the training part when a backtest is given one; in [1, 1000]
         */
        public record Pace(int firstRows, int firstSteps, int rowsPerStep, int publishRows, int passes) {
            /** @throws IllegalArgumentException when a value is out of its range */
            public Pace {
                LearningSettings.FIRST_ROWS.require(firstRows);
                LearningSettings.FIRST_STEPS.require(firstSteps);
                LearningSettings.ROWS_PER_STEP.require(rowsPerStep);
                LearningSettings.PUBLISH_ROWS.require(publishRows);
                LearningSettings.PASSES.require(passes);
            }
        }

        /** @throws IllegalArgumentException when a value is out of its range */
        public Learning {
            LearningSettings.SERIES.require(series);
            LearningSettings.CHUNK.require(chunk);
            LearningSettings.BUFFER_ROWS.require(bufferRows);
            LearningSettings.SEED.require(seed);
            LearningSettings.WITHHOLD.require(withhold);
            LearningSettings.SHARE.require(share);
        }

        /** With the shipped shares. */
        public Learning(int series, int chunk, Pace pace, int bufferRows, long seed) {
            this(
                    series,
                    chunk,
                    pace,
                    bufferRows,
                    seed,
                    LearningSettings.WITHHOLD.fallback(),
                    LearningSettings.SHARE.fallback());
        }
    }

    /** Which deviations count. */
    public enum Direction {
        BOTH,
        ABOVE,
        BELOW
    }

    /**
     * @param deviations which deviations count
     * @param adaptAfter steps after which an uninterrupted alert teaches; in [1, 10_000_000]
     * @param budget how many alerts a series may open without a cause; empty: an alert opens at {@code open} instead
     * @param streamBudget how many alerts all series together may open without a cause; empty: as many as each may
     * @param alertMaxAge events older than this by wall time never open an alert; empty: any age may
     * @param idle when a series of which nothing comes is stale
     */
    public record Verdict(
            Deviations deviations,
            Hysteresis hysteresis,
            int adaptAfter,
            Optional<AlertBudget> budget,
            Optional<AlertBudget> streamBudget,
            Optional<Duration> alertMaxAge,
            StaleRule idle) {

        /**
         * When an alert opens and when it closes.
         *
         * @param open the alert score that opens an alert; in (0, 1]
         * @param close the alert score below which it closes; in [0, open]
         * @param forSteps steps in a row at or above {@code open} before an alert opens; in [1, 1000]
         * @param closeSteps steps in a row below {@code close} before it closes; in [1, 100_000]
         */
        public record Hysteresis(double open, double close, int forSteps, int closeSteps) {
            /** @throws IllegalArgumentException when a value is out of its range */
            public Hysteresis {
                VerdictSettings.OPEN.require(open);
                VerdictSettings.CLOSE.require(close);
                VerdictSettings.FOR.require(forSteps);
                VerdictSettings.CLOSE_AFTER.require(closeSteps);
            }
        }

        /** @throws IllegalArgumentException when a value is out of its range */
        public Verdict {
            if (hysteresis.close() > hysteresis.open()) {
                throw new IllegalArgumentException("verdict.close must be at most verdict.open, which is "
                        + hysteresis.open() + ", but was " + hysteresis.close());
            }
            VerdictSettings.ADAPT_AFTER.require(adaptAfter);
            VerdictSettings.ALERT_MAX_AGE.require(alertMaxAge);
        }

        /** A verdict with a threshold instead of a budget, for which every deviation counts. */
        public Verdict(Hysteresis hysteresis, int adaptAfter, Optional<Duration> alertMaxAge) {
            this(
                    Deviations.ALL,
                    hysteresis,
                    adaptAfter,
                    Optional.empty(),
                    Optional.empty(),
                    alertMaxAge,
                    StaleRule.AUTO);
        }
    }

    /**
     * @param series series of the stream, over all partitions; events of further ones are rejected
     * @param eventBytes the largest input record that is decoded
     * @param stateBytes verdict state of one series, beside the evidence of each feature (about 8 KiB)
     * @param openSteps grid steps of one series open at a time; in [1, 1024]
     * @param expire silence in event time after which a series is forgotten; at least a minute
     */
    public record Limits(int series, int eventBytes, int stateBytes, int openSteps, Duration expire) {
        /** Forgets a series after 30 days of silence. */
        public Limits(int series, int eventBytes, int stateBytes, int openSteps) {
            this(series, eventBytes, stateBytes, openSteps, Duration.ofDays(30));
        }

        /** @throws IllegalArgumentException when a value is out of its range */
        public Limits {
            StreamSettings.SERIES.require(series);
            StreamSettings.EVENT.require(eventBytes);
            StreamSettings.STATE.require(stateBytes);
            StreamSettings.OPEN_STEPS.require(openSteps);
            StreamSettings.EXPIRE.require(expire);
        }
    }

    /**
     * Periodic training of the zoo from history.
     *
     * @param cron five fields of a Unix cron expression, in UTC; empty: only when a person asks
     * @param history how far back; empty: all that {@code training} holds
     * @param networks of the zoo; empty: every one that fits the stream
     * @param trials trainings of each network, each with another seed; in [1, 4]
     * @param steps optimiser steps of one training at most; in [1, 10_000_000]
     * @param candidates settings that each search tries; in [1, 256]
     */
    public record Retrain(
            Optional<String> cron,
            Optional<Duration> history,
            List<String> networks,
            int trials,
            int steps,
            int candidates,
            double holdout) {
        /** Only when a person asks. */
        public static final Retrain BY_HAND = new Retrain(
                ModelSettings.CRON.fallback(),
                ModelSettings.HISTORY.fallback(),
                ModelSettings.RETRAIN_NETWORKS.fallback(),
                ModelSettings.TRIALS.fallback(),
                ModelSettings.STEPS.fallback(),
                ModelSettings.CANDIDATES.fallback(),
                ModelSettings.HOLDOUT.fallback());

        /** @throws IllegalArgumentException when a value is out of its range */
        public Retrain {
            networks = List.copyOf(networks);
            cron.ifPresent(Cron::new);
            ModelSettings.HISTORY.require(history);
            ModelSettings.TRIALS.require(trials);
            ModelSettings.STEPS.require(steps);
            ModelSettings.CANDIDATES.require(candidates);
            ModelSettings.HOLDOUT.require(holdout);
        }
    }

    public StreamSpec {
        networks = List.copyOf(networks);
    }

    /**
     * Changes when window, step, features, scaling or the shape of frames change, so that state of another set-up is never mixed in: the first four
     * bytes of the SHA-256 of what is declared about them, without sign.
     */
    public int generation() {
        return Integer.parseUnsignedInt(Sha256.hex(Identity.of(this)).substring(0, 8), 16) & Integer.MAX_VALUE;
    }

    /** The scaling as the configuration hash of a lineage holds it; the same text for good. */
    public String scalingIdentity() {
        return Identity.scaling(scaling);
    }

    /** The same stream with another seed. */
    public StreamSpec withSeed(long seed) {
        Learning l = learning;
        Learning seeded = new Learning(l.series, l.chunk, l.pace, l.bufferRows, seed, l.withhold, l.share);
        return new StreamSpec(
                name,
                about,
                input,
                grid,
                scaling,
                networks,
                outputs,
                seeded,
                verdict,
                limits,
                retrain,
                challengers,
                guard,
                incidents);
    }

    /** The same stream watched by other networks. */
    public StreamSpec withNetworks(List<String> others) {
        return new StreamSpec(
                name,
                about,
                input,
                grid,
                scaling,
                others,
                outputs,
                learning,
                verdict,
                limits,
                retrain,
                challengers,
                guard,
                incidents);
    }

    /** A forecast is written for every so many steps of a series; 0: none. */
    public int forecastEvery() {
        return outputs.forecastEvery();
    }

    /** Whether the code of every sample is written. */
    public boolean codes() {
        return outputs.codes();
    }

    /** The group whose incidents the stream's alerts belong to. */
    public String incidentGroup() {
        return incidents.group().orElse(name);
    }

    /** Values in a row. */
    public int features() {
        return input.fields().features().size();
    }
}
