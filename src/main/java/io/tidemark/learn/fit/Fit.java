package io.tidemark.learn.fit;

import io.tidemark.net.engine.CounterRandom;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.network.LayerWise;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.TrainingSpec;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Trains networks on a finite set of examples.
 *
 * <ol>
 *   <li>An epoch is one pass over the training part, shuffled by the seed. After each the validation part is measured; the weights
 *       with the lowest validation loss are kept, and training stops early when it goes down no more. A segmenter is measured on
 *       defects drawn into it.
 *   <li>A loss that is not finite puts the best weights back and halves the learning rate, at most {@value #DIVERGENCES_MAX} times.
 *   <li>Memory that is short on the device halves the batch, and training goes on from where it was.
 *   <li>The same examples, settings and engine give the same bits on a CPU with one thread, unless processor time ended it.
 * </ol>
 *
 * <p>A fit runs on its caller's thread. The object holds nothing between two fits.
 */
public final class Fit {
    /** Times that a fit starts again from its best weights. */
    static final int DIVERGENCES_MAX = 3;

    private final Engine engine;
    private final FitSettings settings;
    private final Augmentation augmentation;
    private final Listener listener;
    private final LongSupplier cpuNanos;

    /** Hears how far a fit is, on the fit's own thread. */
    public interface Listener {
        /** Hears nothing. */
        Listener NONE = new Listener() {};

        /**
         * One more optimiser step.
         *
         * @param progress share of what is allowed that is done; in [0, 1]
         * @param loss of the batch, before the step
         * @return false to stop here
         */
        default boolean step(long steps, double progress, double loss) {
            return true;
        }

        /** One more epoch is over. */
        default void epoch(FitReport.Epoch epoch) {}
    }

    public Fit(Engine engine, FitSettings settings, Augmentation augmentation, Listener listener) {
        this(engine, settings, augmentation, listener, Fit::threadCpuNanos);
    }

    Fit(Engine engine, FitSettings settings, Augmentation augmentation, Listener listener, LongSupplier cpuNanos) {
        this.engine = engine;
        this.settings = settings;
        this.augmentation = augmentation;
        this.listener = listener;
        this.cpuNanos = cpuNanos;
    }

    private static long threadCpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /**
     * Trains from weights drawn by the seed. A network whose weights come in closed form is not trained but computed; one that is
     * pretrained layer by layer spends half of every limit on that, in equal parts for its stages.
     *
     * @param train at least one example
     * @param validation chooses the best epoch; may be empty, and then the last epoch's weights are kept
     * @throws io.tidemark.net.engine.EngineException when the engine cannot run the network
     */
    public FitResult run(Network network, ExampleSet train, ExampleSet validation) {
        check(network, train, validation);
        if (network.training().method().isClosedForm()) return computed(network, train, validation);
        boolean stages = network.training().pretraining() == TrainingSpec.Pretraining.LAYER_WISE
                && !LayerWise.stages(network.spec()).isEmpty();
        if (!stages) return run(network, engine.initialState(network, settings.seed()), train, validation);
        Pretraining pretraining = new Pretraining(engine, settings, augmentation, listener, cpuNanos);
        Pretraining.Outcome before = pretraining.run(network, train, validation);
        Fit rest = new Fit(engine, settings.times(Pretraining.REST), augmentation, listener, cpuNanos);
        FitResult result = rest.run(network, before.state(), train, validation);
        return result.with(result.report().withPretraining(before.stages()));
    }

    /** Trains on from a state, with its optimiser's, along the gradient. */
    public FitResult run(Network network, NetworkState from, ExampleSet train, ExampleSet validation) {
        return run(network, Beginning.at(from), train, validation);
    }

    /**
     * Trains on from a state along the gradient, some of its parameters frozen for a share of the training and then thawed. Patience
     * counts no epoch in which a step was taken with frozen ones.
     */
    public FitResult run(Network network, Beginning from, ExampleSet train, ExampleSet validation) {
        check(network, train, validation);
        try (Training training = new Training(engine, network, augmentation, settings.seed());
                Evaluation evaluation = new Evaluation(engine, network)) {
            return new Course(from, training, evaluation, train, measured(network, validation)).run();
        }
    }

    /** What is measured after each epoch; a segmenter is shown drawn defects, the same ones each time. */
    private ExampleSet measured(Network network, ExampleSet validation) {
        ExampleSet thinned = validation.thinned(settings.validationMax());
        if (network.spec().kind() != NetworkSpec.Kind.SEGMENTER) return thinned;
        return new AugmentedExamples(thinned, augmentation, settings.seed());
    }

    private FitResult computed(Network network, ExampleSet train, ExampleSet validation) {
        long startNanos = System.nanoTime();
        long startCpu = cpuNanos.getAsLong();
        NetworkState state = ClosedForm.of(network, train).state();
        double cpu = (cpuNanos.getAsLong() - startCpu) / 1e9;
        double wall = (System.nanoTime() - startNanos) / 1e9;
        Map<String, Errors> errors = new LinkedHashMap<>();
        ExampleSet measured = validation.thinned(settings.validationMax());
        try (Evaluation evaluation = new Evaluation(engine, network)) {
            if (measured.size() > 0) errors.put("validation", evaluation.errors(state, measured));
        }
        FitReport.Course course = new FitReport.Course(0, 0, 0, FitReport.Stopped.CLOSED_FORM, wall, cpu, List.of());
        FitReport report = Reports.of(engine, network, setup(network, train, measured), course, errors);
        return new FitResult(state.weights(), state, report);
    }

    private FitReport.Setup setup(Network trained, ExampleSet train, ExampleSet measured) {
        return new FitReport.Setup(
                settings.seed(), trained.training().optimisation().batch(), train.size(), measured.size(), null);
    }

    private static void check(Network network, ExampleSet train, ExampleSet validation) {
        if (train.size() == 0) {
            throw new IllegalArgumentException(
                    "network " + network.spec().name() + " has no example to learn from: it needs "
                            + network.spec().rowsToTrain()
                            + " rows in a row without a gap; give it more data or a smaller validation"
                            + " and test part");
        }
        checkSizes(network, train);
        checkSizes(network, validation);
    }

    private static void checkSizes(Network network, ExampleSet examples) {
        if (examples.size() == 0) return;
        int input = network.inputs().get(0).size();
        int target = network.targets().get(0).size();
        if (examples.inputSize() != input || examples.targetSize() != target) {
            throw new IllegalArgumentException("network " + network.spec().name() + " takes inputs of " + input
                    + " floats and targets of " + target + ", but the examples have " + examples.inputSize() + " and "
                    + examples.targetSize());
        }
    }

    /** One fit from its first step to its last. */
    private final class Course {
        private final Beginning from;
        private final Training training;
        private final Evaluation evaluation;
        private final ExampleSet train;
        private final ExampleSet validation;
        private final int[] order;
        private final long startNanos = System.nanoTime();
        private final long startCpu = cpuNanos.getAsLong();
        private final List<FitReport.Epoch> curve = new ArrayList<>();
        private FitReport.Stopped stopped = FitReport.Stopped.EPOCHS;
        private boolean over;
        private long steps;
        private long frozenSteps;
        private int frozenEpoch;
        private int divergences;
        private double rate;
        private NetworkState best = new NetworkState("", Map.of());
        private double bestLoss = Double.POSITIVE_INFINITY;
        private int bestEpoch;

        Course(Beginning from, Training training, Evaluation evaluation, ExampleSet train, ExampleSet validation) {
            this.from = from;
            this.training = training;
            this.evaluation = evaluation;
            this.train = train;
            this.validation = validation;
            this.order = new int[train.size()];
            for (int i = 0; i < order.length; i++) order[i] = i;
        }

        FitResult run() {
            training.load(from.state());
            best = from.state();
            endEpoch(0, Double.NaN);
            for (int epoch = 1; epoch <= settings.epochs() && !over; epoch++) {
                shuffle(epoch);
                double loss = pass(epoch);
                endEpoch(epoch, loss);
            }
            return new FitResult(best.weights(), training.state(), report());
        }

        /** The mean loss of an epoch's steps. */
        private double pass(int epoch) {
            double sum = 0;
            int done = 0;
            while (done < order.length && !over) {
                rate = training.rate(settings, steps, progress(epoch, done), order.length);
                boolean held = training.freeze(from.frozenAt(progress(epoch, done)));
                float loss = training.step(train, order, done, epoch);
                if (!Float.isFinite(loss)) {
                    diverged();
                    continue;
                }
                sum += (double) loss * training.lastCount();
                done += training.lastCount();
                steps++;
                if (held) {
                    frozenSteps++;
                    frozenEpoch = epoch;
                }
                if (!listener.step(steps, progress(epoch, done), loss)) end(FitReport.Stopped.ASKED);
                if (settings.steps().isPresent() && steps >= settings.steps().get()) end(FitReport.Stopped.STEPS);
                if (cpuShare() >= 1) end(FitReport.Stopped.CPU);
            }
            return done == 0 ? Double.NaN : sum / done;
        }

        private void end(FitReport.Stopped reason) {
            if (over) return;
            over = true;
            stopped = reason;
        }

        private void diverged() {
            if (++divergences > DIVERGENCES_MAX) end(FitReport.Stopped.DIVERGED);
            training.load(best);
            training.slower();
        }

        private void endEpoch(int epoch, double trainLoss) {
            double measured = Double.NaN;
            boolean better = true;
            if (validation.size() > 0) {
                measured = evaluation
                        .errors(training.state().weights(), validation)
                        .loss();
                better = measured < bestLoss;
            }
            if (better) {
                best = training.state();
                bestLoss = measured;
                bestEpoch = epoch;
            }
            FitReport.Epoch entry =
                    new FitReport.Epoch(epoch, steps, trainLoss, measured, rate, seconds(), cpuSeconds());
            curve.add(entry);
            listener.epoch(entry);
            int patience =
                    settings.patience().orElse(training.network().training().patience());
            if (patience > 0 && epoch - Math.max(bestEpoch, frozenEpoch) >= patience && epoch < settings.epochs()) {
                end(FitReport.Stopped.NO_PROGRESS);
            }
        }

        private void shuffle(int epoch) {
            CounterRandom random = CounterRandom.of(settings.seed(), "shuffle", epoch);
            for (int i = order.length - 1; i > 0; i--) {
                int j = (int) Math.multiplyHigh(random.bits(i) >>> 1, (long) (i + 1) << 1);
                int swap = order[i];
                order[i] = order[j];
                order[j] = swap;
            }
        }

        /** Share of what is allowed that is done, by whichever limit comes first. */
        private double progress(int epoch, int done) {
            double share = (epoch - 1 + (double) done / order.length) / settings.epochs();
            if (settings.steps().isPresent())
                share = Math.max(share, (double) steps / settings.steps().get());
            return Math.min(1, Math.max(share, cpuShare()));
        }

        private double cpuShare() {
            return settings.cpu().isEmpty()
                    ? 0
                    : cpuSeconds() * 1e9 / settings.cpu().get().toNanos();
        }

        private double cpuSeconds() {
            return (cpuNanos.getAsLong() - startCpu) / 1e9;
        }

        private double seconds() {
            return (System.nanoTime() - startNanos) / 1e9;
        }

        private FitReport report() {
            Map<String, Errors> errors = new LinkedHashMap<>();
            if (validation.size() > 0) errors.put("validation", evaluation.errors(best.weights(), validation));
            Network trained = training.network();
            FitReport.Course course =
                    new FitReport.Course(steps, frozenSteps, bestEpoch, stopped, seconds(), cpuSeconds(), curve);
            return Reports.of(engine, trained, setup(trained, train, validation), course, errors);
        }
    }
}
