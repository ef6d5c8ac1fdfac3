package io.tidemark.role.retrain;

import io.tidemark.image.detect.ImageTeaching;
import io.tidemark.learn.fit.AugmentedExamples;
import io.tidemark.learn.fit.Errors;
import io.tidemark.learn.fit.Evaluation;
import io.tidemark.learn.fit.ExampleSet;
import io.tidemark.learn.fit.Fit;
import io.tidemark.learn.fit.FitReport;
import io.tidemark.learn.fit.FitResult;
import io.tidemark.learn.fit.FitSettings;
import io.tidemark.learn.learning.History;
import io.tidemark.learn.tuning.Hyperparameters;
import io.tidemark.learn.tuning.Search;
import io.tidemark.learn.tuning.SearchPlan;
import io.tidemark.learn.tuning.SearchResult;
import io.tidemark.learn.tuning.Trial;
import io.tidemark.learn.tuning.Trials;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.TrainingReplica;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.TrainingSpec;
import java.util.Arrays;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Trains one network from a history: cut by time, searched, trained with what the search chose, and measured on the part that
 * nothing was chosen on. What is published then is trained anew on everything up to the holdout, the newest part too, as many
 * steps as the best weights took, in proportion to the examples. Decided by its job, the history and the engine alone.
 *
 * @param goOn asked at every step; false stops the job
 * @param progress hears the share that is done, in [0, 1]
 */
record JobTraining(
        Engine engine,
        Network network,
        RetrainJob job,
        TimeSplit split,
        BooleanSupplier goOn,
        DoubleConsumer progress) {
    static final double VALIDATION = 0.15;
    static final double TEST = 0.15;
    /** Fewer training examples than this teach nothing worth publishing. */
    static final int EXAMPLES_LEAST = 64;

    private static final int RANGE_STEPS = 60;
    private static final int HALVING = 3;
    private static final int REFINEMENTS = 2;
    private static final int VALIDATION_MAX = 1024;
    private static final int EPOCHS_MAX = 10_000;
    /** Share of a job's progress that the search takes. */
    private static final double SEARCH_SHARE = 0.5;

    /**
     * What a training gave, of the network as it is declared; interrupted ones give nothing.
     *
     * @param fit the training that chose, with the errors of what it gave on {@code validation} and {@code test}, and of what is
     *     published on {@code holdout}
     * @param taught examples that what is published was trained on
     */
    record Trained(
            Network network,
            NetworkState weights,
            FitReport fit,
            int taught,
            @Nullable SearchResult search,
            int referenceSamples,
            double medianError,
            double upperError) {}

    static TimeSplit split(History.Windows windows, double holdout) {
        return TimeSplit.of(windows, VALIDATION, TEST, holdout);
    }

    /** Null when it was stopped. */
    @Nullable
    Trained run() {
        boolean closedForm = network.training().method().isClosedForm();
        SearchResult search = closedForm || job.plan().candidates() == 1 ? null : search();
        if (!goOn.getAsBoolean()) return null;
        Hyperparameters chosen = search == null ? declared() : search.chosen();
        Network tuned = tuned(chosen);
        double from = search == null ? 0 : SEARCH_SHARE;
        double until = (1 + from) / 2;
        FitResult fitted = new Fit(
                        engine,
                        settings(chosen, job.plan().steps(), job.plan().seed()),
                        ImageTeaching.augmentation(tuned, split.choice().train()),
                        listener(from, until))
                .run(tuned, split.choice().train(), split.choice().validation());
        if (!goOn.getAsBoolean()) return null;
        NetworkState whole = onEverything(tuned, chosen, fitted.report(), until);
        if (!goOn.getAsBoolean()) return null;
        return measured(tuned, fitted, whole, search);
    }

    /** What the chosen settings give of everything up to the holdout; null where training went nowhere. */
    private @Nullable NetworkState onEverything(
            Network tuned, Hyperparameters chosen, FitReport choice, double progressFrom) {
        boolean closedForm = choice.course().stopped() == FitReport.Stopped.CLOSED_FORM;
        long best = choice.pretraining().stream()
                .mapToLong(report -> report.course().steps())
                .sum();
        for (FitReport.Epoch epoch : choice.course().curve())
            if (epoch.epoch() == choice.course().bestEpoch()) best += epoch.steps();
        if (best == 0 && !closedForm) return null;
        double growth = (double) split.published().whole().size()
                / split.choice().train().size();
        FitSettings settings = settings(
                        chosen,
                        Math.max(1, Math.round(best * growth)),
                        job.plan().seed())
                .withPatience(0);
        FitResult fitted = new Fit(
                        engine,
                        settings,
                        ImageTeaching.augmentation(tuned, split.published().whole()),
                        listener(progressFrom, 1))
                .run(
                        tuned,
                        split.published().whole(),
                        split.published().holdout().thinned(0));
        return fitted.report().course().stopped() == FitReport.Stopped.DIVERGED ? null : fitted.best();
    }

    private Trained measured(
            Network tuned, FitResult fitted, @Nullable NetworkState whole, @Nullable SearchResult search) {
        NetworkState published = whole == null ? fitted.best() : whole;
        boolean heldOut = whole != null && split.published().holdout().size() > 0;
        try (Evaluation evaluation = new Evaluation(engine, tuned)) {
            FitReport report = fitted.report()
                    .withErrors(
                            "test",
                            evaluation.errors(
                                    fitted.best(), withTargets(split.choice().test())));
            if (heldOut) {
                report = report.withErrors(
                        "holdout",
                        evaluation.errors(
                                published, withTargets(split.published().holdout())));
            }
            double[] rows = heldOut
                    ? evaluation.rowErrors(published, split.published().holdout())
                    : evaluation.rowErrors(
                            fitted.best(),
                            split.choice().test().size() > 0
                                    ? split.choice().test()
                                    : split.choice().validation());
            Arrays.sort(rows);
            double median = rows.length == 0 ? Double.NaN : rows[rows.length / 2];
            double upper = rows.length == 0 ? Double.NaN : rows[Math.min(rows.length - 1, rows.length * 9 / 10)];
            int taught =
                    (whole == null ? split.choice().train() : split.published().whole()).size();
            return new Trained(network, published, report, taught, search, rows.length, median, upper);
        }
    }

    /** Errors of other weights of the same network on the test part. */
    Errors test(NetworkState weights) {
        try (Evaluation evaluation = new Evaluation(engine, network)) {
            return evaluation.errors(weights, withTargets(split.choice().test()));
        }
    }

    /** A segmenter's frames are good ones, so what it shall find is drawn into them: else the one that says nothing is the best. */
    private ExampleSet withTargets(ExampleSet examples) {
        if (network.spec().kind() != NetworkSpec.Kind.SEGMENTER || examples.size() == 0) return examples;
        return new AugmentedExamples(
                examples,
                ImageTeaching.augmentation(network, split.choice().train()),
                job.plan().seed());
    }

    private Hyperparameters declared() {
        TrainingSpec training = network.training();
        return new Hyperparameters(
                training.optimisation().learningRate(),
                training.optimisation().batch(),
                training.regularisation().l2());
    }

    private Network tuned(Hyperparameters h) {
        TrainingSpec training = network.training();
        return network.withTraining(training.withBatch(h.batch()).withL2(h.weightDecay()));
    }

    private static FitSettings settings(Hyperparameters h, long steps, long seed) {
        return FitSettings.epochs(EPOCHS_MAX, seed)
                .withPatience(20)
                .withSteps(steps)
                .withLearningRate(h.learningRate());
    }

    private Fit.Listener listener(double from, double to) {
        return new Fit.Listener() {
            @Override
            public boolean step(long steps, double share, double loss) {
                progress.accept(from + (to - from) * share);
                return goOn.getAsBoolean();
            }
        };
    }

    private SearchResult search() {
        int first = Math.max(10, job.plan().steps() / 20);
        SearchPlan plan = new SearchPlan(
                job.plan().candidates(),
                first,
                HALVING,
                REFINEMENTS,
                RANGE_STEPS,
                job.plan().seed());
        long[] done = {0};
        return new Search(plan, new FitTrials(plan, done), tried -> {}).run(declared());
    }

    /** Training runs of the search: each goes on from where it was paused. */
    private final class FitTrials implements Trials {
        private final SearchPlan plan;
        private final long[] done;

        FitTrials(SearchPlan plan, long[] done) {
            this.plan = plan;
            this.done = done;
        }

        @Override
        public Trial open(Hyperparameters hyperparameters) {
            Network candidate = tuned(hyperparameters);
            return new Trial() {
                private NetworkState state =
                        engine.initialState(candidate, job.plan().seed());
                private int round;

                @Override
                public double train(int steps) {
                    if (!goOn.getAsBoolean()) return Double.NaN;
                    FitSettings settings = settings(
                                    hyperparameters, steps, job.plan().seed() + round++)
                            .withPatience(0);
                    ExampleSet validation = split.choice().validation().thinned(VALIDATION_MAX);
                    FitResult result = new Fit(
                                    engine,
                                    settings,
                                    ImageTeaching.augmentation(
                                            candidate, split.choice().train()),
                                    searching())
                            .run(candidate, state, split.choice().train(), validation);
                    state = result.last();
                    if (result.report().course().stopped() == FitReport.Stopped.DIVERGED) return Double.NaN;
                    Errors errors = result.report().errors().get("validation");
                    return errors == null ? Double.NaN : errors.loss();
                }

                @Override
                public void close() {
                    state = new NetworkState("", Map.of());
                }
            };
        }

        private Fit.Listener searching() {
            return new Fit.Listener() {
                @Override
                public boolean step(long steps, double share, double loss) {
                    progress.accept(SEARCH_SHARE * Math.min(1, (double) ++done[0] / plan.steps()));
                    return goOn.getAsBoolean();
                }
            };
        }

        @Override
        public double[] losses(double[] rates) {
            double[] losses = new double[rates.length];
            Arrays.fill(losses, Double.NaN);
            ExampleSet train = withTargets(split.choice().train());
            String output = network.outputs().get(0).name();
            int batch = Math.min(network.training().optimisation().batch(), train.size());
            try (TrainingReplica replica = engine.training(network)) {
                replica.load(engine.initialState(network, job.plan().seed()));
                for (int i = 0; i < rates.length && goOn.getAsBoolean(); i++) {
                    for (int k = 0; k < batch; k++) {
                        int index = (int) (((long) i * batch + k) * 2_654_435_761L % train.size());
                        train.copy(index, replica.input(Network.WINDOW), replica.target(output), k);
                        train.weigh(index, replica.weight(output), k);
                    }
                    replica.learningRate(rates[i]);
                    losses[i] = replica.train(batch);
                    done[0]++;
                    if (!Double.isFinite(losses[i])) break;
                }
            }
            return losses;
        }
    }
}
