package io.tidemark.config;

import java.util.List;

/** Settings of scaling and of continuous learning. */
public final class LearningSettings {
    private static final Settings<StreamSpec> SCALING =
            new Settings<>("scaling", "How values of different features become comparable.");
    private static final Settings<StreamSpec> LEARNING = new Settings<>("learning", "How much teaches, and when.");

    static final Setting<StreamSpec, Double> FLOOR = SCALING.add(
                    "floor",
                    SettingType.decimal(1e-12, 1e12),
                    1e-6,
                    s -> s.scaling().floor(),
                    "The smallest scale, in the unit of the values: changes far below it are noise.")
            .common();
    static final Setting<StreamSpec, Double> CLIP = SCALING.add(
            "clip",
            SettingType.decimal(1, 1000),
            10.0,
            s -> s.scaling().clip(),
            "The largest distance from the location that networks see, in scale units.");
    static final Setting<StreamSpec, Integer> MEMORY = SCALING.add(
                    "memory",
                    SettingType.whole(10, 10_000_000),
                    100_000,
                    s -> s.scaling().memory(),
                    "Steps that the running location and scale look back over.")
            .common();

    static final Setting<StreamSpec, Integer> SERIES = LEARNING.add(
            "series",
            SettingType.whole(0, 100_000),
            64,
            s -> s.learning().series(),
            "Series of the stream whose rows go to `training`, over all partitions: a fair, seeded sample of those seen lately.");
    static final Setting<StreamSpec, Integer> CHUNK = LEARNING.add(
            "chunk", SettingType.whole(1, 1024), 16, s -> s.learning().chunk(), "Rows in one record of `training`.");
    static final Setting<StreamSpec, Integer> FIRST_ROWS = LEARNING.add(
                    "first-rows",
                    SettingType.whole(16, 10_000_000),
                    512,
                    s -> s.learning().pace().firstRows(),
                    "Taught rows before the first model is trained.")
            .common();
    static final Setting<StreamSpec, Integer> FIRST_STEPS = LEARNING.add(
            "first-steps",
            SettingType.whole(1, 1_000_000),
            200,
            s -> s.learning().pace().firstSteps(),
            "Optimiser steps for the first model.");
    static final Setting<StreamSpec, Integer> ROWS_PER_STEP = LEARNING.add(
            "rows-per-step",
            SettingType.whole(1, 1_000_000),
            32,
            s -> s.learning().pace().rowsPerStep(),
            "Taught rows for each further optimiser step.");
    static final Setting<StreamSpec, Integer> PUBLISH_ROWS = LEARNING.add(
                    "publish-rows",
                    SettingType.whole(1, 100_000_000),
                    2048,
                    s -> s.learning().pace().publishRows(),
                    "Taught rows between two published versions.")
            .common();
    static final Setting<StreamSpec, Integer> BUFFER_ROWS = LEARNING.add(
            "buffer-rows",
            SettingType.whole(64, 10_000_000),
            50_000,
            s -> s.learning().bufferRows(),
            "Rows kept to draw batches from, for each network.");
    static final Setting<StreamSpec, Integer> PASSES = LEARNING.add(
            "passes",
            SettingType.whole(1, 1000),
            5,
            s -> s.learning().pace().passes(),
            "Passes over the training part when a backtest is given one.");
    static final Setting<StreamSpec, Long> SEED = LEARNING.add(
            "seed",
            SettingType.counter(),
            1L,
            s -> s.learning().seed(),
            "Seed of first weights and of the draws of batches.");
    /** How much never teaches. */
    public static final Setting<StreamSpec, Double> WITHHOLD = LEARNING.add(
            "withhold",
            SettingType.decimal(0, 0.5),
            0.1,
            s -> s.learning().withhold(),
            "Share of a series' steps, the most surprising ones, that never teach.");

    static final Setting<StreamSpec, Double> SHARE = LEARNING.add(
                    "share",
                    SettingType.decimal(0.001, 1),
                    1.0,
                    s -> s.learning().share(),
                    "Share of one processor that learning may take, or of a GPU's time where it learns on one; 1 is no limit.")
            .common();

    static final List<Settings<StreamSpec>> ALL = List.of(SCALING, LEARNING);

    private LearningSettings() {}

    static StreamSpec.Scaling scaling(Reading<StreamSpec> file) {
        return new StreamSpec.Scaling(file.get(FLOOR), file.get(CLIP), file.get(MEMORY));
    }

    static StreamSpec.Learning learning(Reading<StreamSpec> file) {
        return new StreamSpec.Learning(
                file.get(SERIES),
                file.get(CHUNK),
                new StreamSpec.Learning.Pace(
                        file.get(FIRST_ROWS),
                        file.get(FIRST_STEPS),
                        file.get(ROWS_PER_STEP),
                        file.get(PUBLISH_ROWS),
                        file.get(PASSES)),
                file.get(BUFFER_ROWS),
                file.get(SEED),
                file.get(WITHHOLD),
                file.get(SHARE));
    }
}
