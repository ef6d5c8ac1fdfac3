package io.tidemark.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings of training anew, of challengers, and of the guard after a promotion. */
final class ModelSettings {
    private static final Settings<StreamSpec> RETRAIN =
            new Settings<>("retrain", "When and how the networks are trained anew from history.");
    private static final Settings<StreamSpec> CHALLENGERS =
            new Settings<>("challengers", "How much challengers may cost.");
    private static final Settings<StreamSpec> GUARD = new Settings<>(
            "guard",
            "A promoted champion is rolled back when a figure of at least `least` of its steps exceeds its limit within `watch`.");

    static final Setting<StreamSpec, Optional<String>> CRON = RETRAIN.add(
            "cron",
            SettingType.parsed(
                            ModelSettings::cron,
                            SettingType::quoted,
                            "a Unix cron expression of five fields such as 0 3 * * 0, in UTC",
                            "\"type\": \"string\"",
                            List.of("0 3 * * 0", "'*/5 1-3 * * *'"),
                            List.of("now and then", "0 3 * * 8"))
                    .orWord("none"),
            Optional.empty(),
            s -> s.retrain().cron(),
            "When the networks are trained anew; `none`: only when a person asks.");
    static final Setting<StreamSpec, Optional<Duration>> HISTORY = RETRAIN.add(
            "history",
            SettingType.duration(Duration.ofMinutes(1), SettingType.NEVER).orWord("all"),
            Optional.empty(),
            s -> s.retrain().history(),
            "How far back training looks; `all`: everything that `training` holds.");
    static final Setting<StreamSpec, List<String>> RETRAIN_NETWORKS = RETRAIN.add(
            "networks",
            SettingType.texts(),
            List.of(),
            s -> s.retrain().networks(),
            "Networks of the zoo that are trained; none: every one that fits the stream.");
    static final Setting<StreamSpec, Integer> TRIALS = RETRAIN.add(
            "trials",
            SettingType.whole(1, 4),
            1,
            s -> s.retrain().trials(),
            "Trainings of each network, each with another seed.");
    static final Setting<StreamSpec, Integer> STEPS = RETRAIN.add(
            "steps",
            SettingType.whole(1, 10_000_000),
            2000,
            s -> s.retrain().steps(),
            "Optimiser steps of one training at most.");
    static final Setting<StreamSpec, Integer> CANDIDATES = RETRAIN.add(
            "candidates",
            SettingType.whole(1, 256),
            6,
            s -> s.retrain().candidates(),
            "Sets of hyperparameters that each search tries.");
    static final Setting<StreamSpec, Double> HOLDOUT = RETRAIN.add(
            "holdout",
            SettingType.decimal(0.01, 0.3),
            0.05,
            s -> s.retrain().holdout(),
            "Newest share of the history that the winner is measured on; it trains on everything before.");

    static final Setting<StreamSpec, Double> SHARE = CHALLENGERS.add(
            "share",
            SettingType.decimal(0, 1),
            0.1,
            s -> s.challengers().share(),
            "Share of the steps that challengers score too; series take turns of 64 steps.");
    static final Setting<StreamSpec, Integer> MOST = CHALLENGERS.add(
            "most",
            SettingType.whole(0, 4),
            2,
            s -> s.challengers().most(),
            "Challengers of each network that score, the newest first.");
    static final Setting<StreamSpec, Double> COST = CHALLENGERS.add(
            "cost",
            SettingType.decimal(0, 10),
            0.5,
            s -> s.challengers().cost(),
            "Time of all challengers' forward passes at most, as a share of the champions'.");

    static final Setting<StreamSpec, Duration> WATCH = GUARD.add(
            "watch",
            SettingType.duration(Duration.ZERO, Duration.ofDays(1)),
            Duration.ofMinutes(10),
            s -> s.guard().watch(),
            "How long a promotion is watched, and how far before it the comparison reaches; 0s: no guard.");
    static final Setting<StreamSpec, Integer> LEAST = GUARD.add(
            "least", SettingType.whole(20, 1_000_000), 200, s -> s.guard().least(), "Steps that make a figure.");
    static final Setting<StreamSpec, Double> ALERT_RATE = GUARD.add(
            "alert-rate",
            SettingType.decimal(1, 1000),
            3.0,
            s -> s.guard().alertRate(),
            "Limit of the share of steps that would open an alert, as a multiple of the share before.");
    static final Setting<StreamSpec, Double> TAILS = GUARD.add(
            "tails",
            SettingType.decimal(1, 20),
            3.0,
            s -> s.guard().tails(),
            "Limit of the share of steps with a tail probability below 0.05, as a multiple of 0.05 or of the share before,"
                    + " whichever is more.");
    static final Setting<StreamSpec, Double> LATENCY = GUARD.add(
            "latency",
            SettingType.decimal(1, 1000),
            5.0,
            s -> s.guard().latency(),
            "Limit of the time of a forward pass for each sample, as a multiple of the time before.");
    static final Setting<StreamSpec, Double> ERRORS = GUARD.add(
            "errors",
            SettingType.decimal(1, 1000),
            3.0,
            s -> s.guard().errors(),
            "Limit of the median error, as a multiple of the error of the champion before.");
    static final Setting<StreamSpec, Double> FAILED = GUARD.add(
            "failed",
            SettingType.decimal(0, 1),
            0.05,
            s -> s.guard().failed(),
            "Limit of the share of samples that the model gives no number for.");

    static final List<Settings<StreamSpec>> ALL = List.of(RETRAIN, CHALLENGERS, GUARD);

    private ModelSettings() {}

    private static String cron(String expression) {
        new Cron(expression);
        return expression;
    }

    static StreamSpec.Retrain retrain(Reading<StreamSpec> file) {
        return new StreamSpec.Retrain(
                file.get(CRON),
                file.get(HISTORY),
                file.get(RETRAIN_NETWORKS),
                file.get(TRIALS),
                file.get(STEPS),
                file.get(CANDIDATES),
                file.get(HOLDOUT));
    }

    static ChallengerSpec challengers(Reading<StreamSpec> file) {
        return new ChallengerSpec(file.get(SHARE), file.get(MOST), file.get(COST));
    }

    static GuardSpec guard(Reading<StreamSpec> file) {
        return new GuardSpec(
                file.get(WATCH),
                file.get(LEAST),
                file.get(ALERT_RATE),
                file.get(TAILS),
                file.get(LATENCY),
                file.get(ERRORS),
                file.get(FAILED));
    }
}
