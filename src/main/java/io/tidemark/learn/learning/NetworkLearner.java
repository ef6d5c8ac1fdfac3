package io.tidemark.learn.learning;

import io.tidemark.config.StreamSpec;
import io.tidemark.learn.fit.ClosedForm;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.TrainingReplica;
import io.tidemark.net.network.Network;
import java.util.function.Consumer;

/**
 * Teaches one network of one stream on a schedule of rows.
 *
 * <ol>
 *   <li>Nothing happens before {@code first-rows} rows have taught and make an example; then {@code first-steps} optimiser steps
 *       make the first version. From there on every {@code rows-per-step} rows give one step, or {@value #YOUNG_PACE}
 *       until {@value #YOUNG_ROWS} rows have taught, and every {@code publish-rows} rows give one version.
 *   <li>Batches are drawn with a seeded generator, from all kept rows but the newest: these, an eighth of {@code publish-rows}
 *       and at most an eighth of what has taught, are held out, and a version is measured on them before it is published: unless
 *       its median error is below that of the last version on the same rows, it is kept back, and training goes on from it.
 *   <li>A loss that is not finite, or a held-out error that is not finite or more than twice that of the last good state on
 *       the same rows, undoes the training since that state and halves the learning rate, which grows back by
 *       {@value #RECOVERY} with each version. The first training is tried up to {@value #FIRST_TRIES} times.
 *   <li>A network whose weights come in closed form takes no steps: they are computed anew from the kept rows for each version, from
 *       at most {@value #CLOSED_FORM_EXAMPLES} of them.
 *   <li>Rows decide, never the clock: the same calls give the same bits on a CPU with one thread, and a learner restored from
 *       {@link #save} goes on as if it had never stopped.
 * </ol>
 *
 * <p>Owned by one thread.
 */
final class NetworkLearner implements AutoCloseable {
    /** The held-out error may grow by this factor before training is undone. */
    static final double WORSE = 2;

    /** And by this much, in scale units, so that a perfect state does not forbid all others. */
    static final double SLACK = 0.1;

    /** What the learning rate is multiplied by after training is undone, and the least that is left of it. */
    static final double SLOWER = 0.5;

    static final double PACE_MIN = 1.0 / 64;
    static final double RECOVERY = 1.2;
    static final int FIRST_TRIES = 4;

    /** Rows of a young stream: few enough to be learnt from more often, whatever its rate. */
    static final int YOUNG_ROWS = 16_384;

    /** Steps that a young stream's rows give where others give one. */
    static final int YOUNG_PACE = 4;

    /** Rows for each of them at least, unless fewer are declared. */
    static final int YOUNG_LEAST = 8;

    private static final double LOSS_MEMORY = 0.98;
    private static final int CLOSED_FORM_EXAMPLES = 4096;

    /** Their values at most: 32 MiB. */
    private static final int CLOSED_FORM_FLOATS = 1 << 23;

    private final StreamSpec.Learning schedule;
    private final TaughtRows rows;
    private final Network network;
    private final TrainingReplica replica;
    private final HeldOut heldOut;
    private final Examples examples;
    private final BatchAugmentation augmentation;
    private final String output;
    private final StepTimes times;
    private Draws draws;
    private NetworkState good;
    private long rowsToStep;
    private long rowsToPublish;
    private boolean begun;
    /** Whether the last good state is a version, rather than untrained. */
    private boolean published;
    /** Of the declared learning rate. */
    private double pace = 1;

    private double loss = Double.NaN;
    private final LossCurve curve = new LossCurve();
    private long steps;

    NetworkLearner(StreamSpec stream, Network network, Engine engine, TaughtRows rows, StepTimes times) {
        this.schedule = stream.learning();
        this.rows = rows;
        this.network = network;
        this.times = times;
        this.examples = new Examples(rows, network, stream.scaling().clip());
        this.augmentation = new BatchAugmentation(network, schedule.seed());
        this.output = network.outputs().get(0).name();
        this.draws = new Draws(schedule.seed() ^ ((long) network.spec().name().hashCode() << 32));
        this.replica = engine.training(network);
        this.heldOut = new HeldOut(engine, network, examples, rows);
        this.good = engine.initialState(network, schedule.seed());
        replica.load(good);
    }

    String name() {
        return network.spec().name();
    }

    Network network() {
        return network;
    }

    /** Running mean of the training loss; NaN before the first step. */
    double loss() {
        return loss;
    }

    /** Optimiser steps taken and not undone by a restart. */
    long steps() {
        return steps;
    }

    /** The schedule's answer to one more taught row. */
    void rowTaught(Consumer<LearningEvent> events) {
        if (!begun) {
            if (rows.taught() < schedule.pace().firstRows() || !examples.draw(new Draws(0), heldFrom())) return;
            begun = true;
            for (int tries = 0; tries < FIRST_TRIES && !published; tries++) {
                if (closedForm()) compute(heldFrom());
                if (train(schedule.pace().firstSteps(), events)) publish(events);
            }
            return;
        }
        if (++rowsToStep >= rowsPerStep()) {
            rowsToStep = 0;
            train(1, events);
        }
        if (++rowsToPublish < schedule.pace().publishRows()) return;
        if (closedForm()) compute(heldFrom());
        publish(events);
    }

    private int rowsPerStep() {
        int declared = schedule.pace().rowsPerStep();
        return rows.taught() > YOUNG_ROWS ? declared : Math.min(declared, Math.max(YOUNG_LEAST, declared / YOUNG_PACE));
    }

    /** Shuffled passes over every example of the kept rows, none held out, and then a version. */
    void train(int passes, long seed, Consumer<LearningEvent> events) {
        begun = true;
        if (closedForm()) {
            compute(Long.MAX_VALUE);
            publish(events);
            return;
        }
        int[][] all = heldOut.every(0);
        Draws order = new Draws(seed);
        int batch = network.training().optimisation().batch();
        for (int pass = 0; pass < passes; pass++) {
            for (int i = all.length - 1; i > 0; i--) {
                int j = order.below(i + 1);
                int[] swap = all[i];
                all[i] = all[j];
                all[j] = swap;
            }
            for (int from = 0; from < all.length; from += batch) {
                int count = Math.min(batch, all.length - from);
                for (int k = 0; k < count; k++) {
                    examples.at(all[from + k][0], all[from + k][1]);
                    examples.fill(replica.input(Network.WINDOW), replica.target(output), k);
                    examples.weigh(replica.weight(output), k);
                }
                augmentation.apply(replica.input(Network.WINDOW), replica.target(output), count, steps);
                if (!step(count, events)) return;
            }
        }
        publish(events);
    }

    /** Rows that taught from this arrival on are held out. */
    private long heldFrom() {
        return rows.taught() - Math.min(schedule.pace().publishRows() / 8, rows.taught() / 8);
    }

    private boolean closedForm() {
        return network.training().method().isClosedForm();
    }

    /** Weights in closed form from the examples whose rows taught before an arrival, spread evenly. */
    private void compute(long before) {
        long began = System.nanoTime();
        int[][] all = heldOut.every(0);
        int count = 0;
        for (int[] example : all) {
            examples.at(example[0], example[1]);
            if (examples.arrival() < before) all[count++] = example;
        }
        int size = network.inputs().get(0).size();
        int used = Math.min(count, Math.min(CLOSED_FORM_EXAMPLES, Math.max(1, CLOSED_FORM_FLOATS / size)));
        if (used == 0) return;
        int[][] chosen = new int[used][];
        for (int k = 0; k < used; k++) chosen[k] = all[(int) ((long) k * count / used)];
        ClosedForm computed = ClosedForm.of(network, new KeptExamples(network, examples, chosen));
        replica.load(computed.state());
        loss = computed.meanSquaredError();
        steps++;
        times.step(name(), System.nanoTime() - began);
    }

    /** Takes steps; false when they were undone. */
    private boolean train(int count, Consumer<LearningEvent> events) {
        if (closedForm()) return true;
        long before = heldFrom();
        int batch = network.training().optimisation().batch();
        for (int s = 0; s < count; s++) {
            float[] input = replica.input(Network.WINDOW);
            float[] target = replica.target(output);
            float[] weight = replica.weight(output);
            for (int k = 0; k < batch; k++) {
                if (!examples.draw(draws, before)) return true;
                examples.fill(input, target, k);
                examples.weigh(weight, k);
            }
            augmentation.apply(input, target, batch, steps);
            if (!step(batch, events)) return false;
        }
        return true;
    }

    private boolean step(int count, Consumer<LearningEvent> events) {
        long began = System.nanoTime();
        float value = replica.train(count);
        times.step(name(), System.nanoTime() - began);
        if (!Float.isFinite(value)) {
            String detail = "a batch's loss was " + value + " at step " + steps;
            undo("diverged", detail, Double.NaN, Double.NaN, events);
            return false;
        }
        steps++;
        curve.add(value);
        loss = Double.isNaN(loss) ? value : LOSS_MEMORY * loss + (1 - LOSS_MEMORY) * value;
        return true;
    }

    private void undo(String reason, String detail, double error, double lastError, Consumer<LearningEvent> events) {
        replica.load(good);
        loss = Double.NaN;
        pace(Math.max(PACE_MIN, pace * SLOWER));
        events.accept(
                new LearningEvent.RolledBack(name(), reason, detail, rate(), rows.taught(), steps, error, lastError));
    }

    private void pace(double share) {
        pace = share;
        replica.learningRate(rate());
    }

    private double rate() {
        return pace * network.training().optimisation().learningRate();
    }

    private void publish(Consumer<LearningEvent> events) {
        rowsToPublish = 0;
        NetworkState state = replica.state();
        ReferenceErrors errors = heldOut.measure(state, heldFrom());
        double last = heldOut.measure(good, heldFrom()).median();
        boolean finite = errors.samples() == 0 || Double.isFinite(errors.upper());
        if (!finite || errors.median() > WORSE * last + SLACK) {
            undo(
                    finite ? "worse" : "diverged",
                    "the held-out error was " + errors.median() + " after " + last + " in the last good state",
                    errors.median(),
                    last,
                    events);
            return;
        }
        if (published && errors.samples() > 0 && !(errors.median() < last)) {
            events.accept(new LearningEvent.KeptBack(name(), errors.median(), last));
            return;
        }
        good = state;
        published = true;
        if (pace < 1) pace(Math.min(1, pace * RECOVERY));
        events.accept(new LearningEvent.Publish(
                name(), state, loss, errors, rows.taught(), rows.withheld(), heldOut.lastTimeMs(), curve.points()));
        curve.clear();
    }

    /** Continues from given weights, as if they had been published here. */
    void adopt(NetworkState state) {
        replica.load(state);
        good = replica.state();
        begun = true;
        published = true;
    }

    /** The losses since the last version. */
    LossCurve curve() {
        return curve;
    }

    Saved save() {
        return new Saved(
                draws.state(),
                new Saved.Progress(rowsToStep, rowsToPublish, begun, published),
                pace,
                loss,
                steps,
                replica.state(),
                good);
    }

    void restore(Saved saved) {
        draws = new Draws(saved.draws());
        rowsToStep = saved.progress().rowsToStep();
        rowsToPublish = saved.progress().rowsToPublish();
        begun = saved.progress().begun();
        published = saved.progress().published();
        loss = saved.loss();
        steps = saved.steps();
        good = saved.good();
        replica.load(saved.current());
        pace(saved.pace());
    }

    /** Everything that decides what comes next, apart from the rows. */
    record Saved(
            long draws,
            Progress progress,
            double pace,
            double loss,
            long steps,
            NetworkState current,
            NetworkState good) {

        /** Where the schedule stands. */
        record Progress(long rowsToStep, long rowsToPublish, boolean begun, boolean published) {}
    }

    @Override
    public void close() {
        replica.close();
        heldOut.close();
    }
}
