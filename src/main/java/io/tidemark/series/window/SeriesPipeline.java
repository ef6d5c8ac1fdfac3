package io.tidemark.series.window;

import io.tidemark.config.GridSpec;
import io.tidemark.config.GridSpec.Fill;
import io.tidemark.config.StreamSpec;
import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.sample.Frame;
import io.tidemark.series.sample.Sample;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.TrainingFrame;
import io.tidemark.series.sample.Wire;
import io.tidemark.series.scale.RobustScale;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One series, from its events to its samples: steps close, gaps are filled, values are scaled by what earlier steps taught,
 * and each closed step becomes a sample with the rows that end with it.
 *
 * <p>Pure: what comes out depends on the order of calls alone. The state is saved in slots, so that an event rewrites the
 * head (clock, counters, scale, a few rows) and, now and then, one chunk of rows. A pipeline that is restored from what
 * {@link #save} wrote goes on as if it had never stopped. One thread, that of its {@link WindowScratch}.
 *
 * <table>
 * <caption>Missing steps and values ({@code gaps: {fill, max}})</caption>
 * <tr><th>what is missing</th><th>outcome</th></tr>
 * <tr><td>up to {@code max} grid steps in a row</td><td>rows are filled when the next step closes: the previous row again, or
 *     a line to the next one; they are marked, make no sample and never teach</td></tr>
 * <tr><td>more, or {@code fill: none}</td><td>windows start anew after the gap; {@code filledShare} is NaN until one is
 *     full</td></tr>
 * <tr><td>one value of a step, for up to {@code max} steps in a row</td><td>the previous value, marked imputed (a line
 *     would need the future)</td></tr>
 * <tr><td>a value of a feature of {@code fill: zero} or a number, in a step that has others, or, where all features are such, in up to {@code max}
 *     steps in a row of which nothing came</td><td>that value; the step makes a sample, is judged, and may teach</td></tr>
 * <tr><td>longer, or no previous value since the last gap, or {@code fill: none}</td><td>NaN; 0 in the scaled window</td></tr>
 * </table>
 */
public final class SeriesPipeline {
    static final int HEAD_SLOT = 0;

    private final WindowPlan plan;
    private final WindowScratch scratch;
    private final String series;
    private boolean teaches;
    private final StepAligner aligner;
    private final LoneJump jump;
    private final RobustScale scale;
    private final RowRing ring;
    private final TrainingChunk training;
    /** Steps since a feature had a value of its own. */
    private final int[] ages;
    /** What counters stood at; null where no feature is derived. */
    private final @Nullable Counters counters;
    /** A gap that could not be filled lies within the last window's length. */
    private boolean broken;

    private long newestStep;
    private long closedSteps;
    private long joinedEvents;
    private boolean dirty;

    SeriesPipeline(WindowPlan plan, WindowScratch scratch, String series, boolean teaches) {
        this.plan = plan;
        this.scratch = scratch;
        this.series = series;
        this.teaches = teaches;
        StreamSpec stream = plan.stream;
        aligner = plan.aligner();
        jump = new LoneJump(plan.features);
        scale = new RobustScale(
                plan.features, stream.scaling().floor(), stream.scaling().memory());
        ring = new RowRing(plan.features, plan.context);
        training = new TrainingChunk(
                stream.name(),
                series,
                plan.generation,
                plan.features,
                stream.learning().chunk());
        ages = new int[plan.features];
        counters = plan.anyDerived ? new Counters(plan.derives) : null;
    }

    public String series() {
        return series;
    }

    /** Whether its rows go to the training topic. */
    public boolean teaches() {
        return teaches;
    }

    /** Has its rows go to the training topic from now on, or no more; then rows that wait are handed over. */
    public void teach(boolean now, SampleListener listener) {
        if (teaches == now) return;
        teaches = now;
        if (!now) training.flush(scratch.wire, listener);
        dirty = true;
    }

    /** Event time of its newest event; epoch milliseconds; the least number before the first. */
    public long newestMs() {
        return aligner.newestMs();
    }

    /** Events that joined a step so far: what a tick names, so that a tick that an event overtook closes nothing. */
    public long joinedEvents() {
        return joinedEvents;
    }

    /** Whether a step waits for more events. */
    public boolean hasOpenSteps() {
        return aligner.hasOpen() || jump.waiting() != null;
    }

    /**
     * Takes one event of this series and closes what became due.
     *
     * @return JOINED too for a lone jump that waits for the next event: it joins then, or is given up to the listener
     */
    public Admission accept(DecodedEvent event, SampleListener listener) {
        long clockMs = aligner.newestMs();
        DecodedEvent waiting = jump.waiting();
        if (waiting != null) {
            if (LoneJump.isSame(waiting, event)) return Admission.DUPLICATE;
            if (LoneJump.agrees(waiting, event, clockMs)) return both(waiting, event, listener);
            giveUp(waiting, listener);
        }
        // a frame is megabytes, and is not held
        if (event.frame != null || !LoneJump.isJump(event, clockMs)) return admit(event, listener);
        jump.hold(event);
        joinedEvents++; // a tick from before it closes nothing
        dirty = true;
        return Admission.JOINED;
    }

    private void giveUp(DecodedEvent waiting, SampleListener listener) {
        jump.forget();
        dirty = true;
        listener.givenUp(waiting);
    }

    private Admission both(DecodedEvent waiting, DecodedEvent event, SampleListener listener) {
        jump.forget();
        admit(waiting, listener);
        return admit(event, listener);
    }

    private Admission admit(DecodedEvent event, SampleListener listener) {
        Admission admission = aligner.accept(event);
        if (admission != Admission.JOINED) return admission;
        joinedEvents++;
        dirty = true;
        scratch.frame = event.frame;
        while (aligner.close(false, scratch.step)) close(false, listener);
        return admission;
    }

    /**
     * Closes all open steps because the series has been silent: what a tick record asks for.
     *
     * @param joined {@link #joinedEvents()} when the silence was seen
     * @return false when an event came in between, or nothing is open; no state changed then
     */
    public boolean closeIdle(long joined, SampleListener listener) {
        if (joined != joinedEvents || !hasOpenSteps()) return false;
        DecodedEvent waiting = jump.waiting();
        if (waiting != null) giveUp(waiting, listener);
        while (aligner.close(true, scratch.step)) close(true, listener);
        dirty = true;
        return true;
    }

    /** The input has ended for good, with a file or because the series expires: what waits joins, all open steps close, and the training rows that wait are handed over. */
    public void end(SampleListener listener) {
        DecodedEvent waiting = jump.waiting();
        if (waiting != null) {
            jump.forget();
            admit(waiting, listener);
        }
        while (aligner.close(true, scratch.step)) close(false, listener);
        training.flush(scratch.wire, listener);
        dirty = true;
    }

    /** One closed step, in {@code scratch.step}: its values and origin are there, everything else is added here. */
    private void close(boolean idle, SampleListener listener) {
        Step step = scratch.step;
        step.stream = plan.stream.name();
        step.series = series;
        step.generation = plan.generation;
        step.teaches = teaches;
        boolean gap = closedSteps > 0 && step.step > newestStep + 1;
        if (counters != null)
            counters.derive(step, gap && plan.stream.grid().step().isPresent());
        if (gap) bridge(step, listener);
        finish(step, idle, listener);
    }

    /** Scales a step, hands it over, and learns from it. */
    private void finish(Step step, boolean idle, SampleListener listener) {
        newestStep = step.step;
        closedSteps++;
        impute(step);
        scaleOf(step);
        ring.push(step.values(), false);
        if (broken && ring.rows() == ring.context) broken = false;
        int every = plan.stream.forecastEvery();
        step.forecastDue = every > 0 && closedSteps % every == 0;
        step.idleClosed = idle;
        step.filledShare = broken ? Float.NaN : ring.filledShare();
        ring.copyScaled(scratch.window, step, plan.clip);
        Frame frame = scratch.frame;
        if (frame == null) {
            listener.sample(step, Sample.encode(scratch.wire, step, scratch.window, ring.rows()));
            if (teaches) training.add(step, scratch.wire, listener);
        } else {
            frame(step, frame, listener);
        }
        for (int f = 0; f < plan.features; f++) if (!step.imputed()[f]) scale.learn(f, step.values()[f]);
    }

    private void frame(Step step, Frame frame, SampleListener listener) {
        listener.sample(step, Sample.encode(scratch.wire, step, frame));
        if (!teaches) return;
        listener.training(new TrainingFrame(step.stream, series, step.generation, step.step, step.timeMs, frame)
                .encode(scratch.wire));
    }

    /** Fills the steps between the newest row and this step, or starts the window anew. */
    private void bridge(Step next, SampleListener listener) {
        long missing = next.step - newestStep - 1;
        if (plan.stream.grid().fill() == Fill.NONE && !plan.fillsValues
                || missing > plan.stream.grid().fillMax()) {
            ring.cut();
            broken = true;
            return;
        }
        Step filled = scratch.filled;
        filled.stream = next.stream;
        filled.series = series;
        filled.generation = plan.generation;
        filled.teaches = teaches;
        if (plan.fillsValues) {
            for (long i = missing; i > 0; i--) finish(meant(filled, next), false, listener);
            return;
        }
        double[] before = scratch.row;
        for (int f = 0; f < plan.features; f++) before[f] = ring.newest(f);
        for (long i = 1; i <= missing; i++) {
            filled.step = newestStep + i;
            filled.timeMs = filled.step * plan.stream.grid().stepMs();
            for (int f = 0; f < plan.features; f++) {
                filled.values()[f] = bridged(plan.fills[f], before[f], next.values()[f], (double) i / (missing + 1));
            }
            Arrays.fill(filled.imputed(), 0, plan.features, true);
            ring.push(filled.values(), true);
            if (teaches) {
                scaleOf(filled);
                training.add(filled, scratch.wire, listener);
            }
        }
        for (int f = 0; f < plan.features; f++) ages[f] = (int) Math.min(0xFFFF, ages[f] + missing);
    }

    /** The step after the newest, of which nothing came, and that is a value. */
    private Step meant(Step filled, Step next) {
        filled.step = newestStep + 1;
        filled.timeMs = filled.step * plan.stream.grid().stepMs();
        filled.producedMs = next.producedMs;
        filled.events.clear();
        Arrays.fill(filled.values(), 0, plan.features, Double.NaN);
        return filled;
    }

    private static double bridged(GridSpec.Filling fill, double before, double next, double share) {
        return switch (fill.fill()) {
            case PREVIOUS -> before;
            case LINEAR -> before + share * ((Double.isNaN(next) ? before : next) - before);
            case NONE -> Double.NaN;
            case ZERO, VALUE -> fill.meant();
        };
    }

    private void impute(Step step) {
        for (int f = 0; f < plan.features; f++) {
            GridSpec.Filling fill = plan.fills[f];
            boolean missing = Double.isNaN(step.values()[f]);
            step.imputed()[f] = false;
            if (missing && fill.isValue()) {
                step.values()[f] = fill.meant();
                missing = false;
            }
            ages[f] = missing ? Math.min(0xFFFF, ages[f] + 1) : 0;
            boolean fills = missing
                    && fill.fill() != Fill.NONE
                    && ages[f] <= plan.stream.grid().fillMax();
            double previous = fills ? ring.newest(f) : Double.NaN;
            step.imputed()[f] = !Double.isNaN(previous);
            if (step.imputed()[f]) step.values()[f] = previous;
        }
    }

    /** What earlier steps taught; a feature without any is measured from its own value. */
    private void scaleOf(Step step) {
        for (int f = 0; f < plan.features; f++) {
            double location = scale.location(f);
            if (Double.isNaN(location)) location = Double.isNaN(step.values()[f]) ? 0 : step.values()[f];
            step.location()[f] = location;
            step.scale()[f] = scale.scale(f);
        }
    }

    /** Writes the slots that changed since the last call; call it after each event that joined. */
    public void save(Slots slots) {
        if (!dirty) return;
        Wire wire = scratch.wire.clear();
        wire.u8(StoredHead.VERSION)
                .i32(plan.generation)
                .u8((teaches ? StoredHead.TEACHES : 0) | (broken ? StoredHead.BROKEN : 0));
        wire.i64(newestMs()).u16(plan.context).i64(newestStep).i64(closedSteps).i64(joinedEvents);
        for (int age : ages) wire.u16(age);
        scale.write(wire);
        ring.write(wire);
        training.write(wire);
        aligner.write(wire);
        if (counters != null) counters.write(wire);
        slots.put(HEAD_SLOT, wire.toBytes());
        ring.save(wire, slots);
        training.save(wire, slots);
        aligner.save(wire, slots);
        jump.save(wire, slots);
        dirty = false;
    }

    static Optional<SeriesPipeline> read(
            WindowPlan plan, WindowScratch scratch, String series, byte[] head, Slots slots) {
        Wire wire = Wire.reader(head);
        int version = wire.u8();
        if (version < StoredHead.VERSION_1 || version > StoredHead.VERSION) {
            throw new IllegalStateException("state of series " + series + " has version " + version
                    + ", which this Tidemark does not know; run the version that wrote it, or reset the application");
        }
        if (wire.i32() != plan.generation) return Optional.empty();
        int flags = wire.u8();
        if (version == StoredHead.VERSION) wire.i64();
        SeriesPipeline pipeline = new SeriesPipeline(plan, scratch, series, (flags & StoredHead.TEACHES) != 0);
        pipeline.readState(wire, version, (flags & StoredHead.BROKEN) != 0, slots);
        return Optional.of(pipeline);
    }

    private void readState(Wire wire, int version, boolean wasBroken, Slots slots) {
        int context = wire.u16();
        newestStep = wire.i64();
        closedSteps = wire.i64();
        joinedEvents = wire.i64();
        for (int f = 0; f < ages.length; f++) ages[f] = wire.u16();
        scale.read(wire);
        if (context == plan.context) {
            ring.read(wire, slots);
        } else {
            RowRing stored = new RowRing(plan.features, context);
            stored.read(wire, slots);
            ring.takeFrom(stored);
            dirty = true;
        }
        broken = wasBroken && ring.rows() < ring.context;
        training.read(wire, slots);
        aligner.read(wire, version, slots);
        if (counters != null && version > StoredHead.VERSION_1) counters.read(wire);
        jump.read(series, slots);
    }
}
