package io.tidemark.series.window;

import io.tidemark.config.GridSpec;
import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.Wire;
import java.util.ArrayList;
import java.util.List;

/**
 * A time grid: step {@code i} takes the events of {@code [i * step, (i + 1) * step)}, from 1970-01-01T00:00:00Z on, and closes
 * when the series' clock, its newest event time, has reached {@code (i + 1) * step + lateness}.
 *
 * <table>
 * <caption>{@code step: 10s, lateness: 5s}, one series, events as they arrive</caption>
 * <tr><th>event time</th><th>outcome</th></tr>
 * <tr><td>12:00:03</td><td>joins the step [12:00:00, 12:00:10)</td></tr>
 * <tr><td>12:00:12</td><td>joins [12:00:10, 12:00:20); the first step waits until 12:00:15</td></tr>
 * <tr><td>12:00:07</td><td>joins [12:00:00, 12:00:10), out of order</td></tr>
 * <tr><td>12:00:07 again</td><td>duplicate; with other values it joins, or with {@code same-time: reject} is same-time</td></tr>
 * <tr><td>12:00:15</td><td>joins [12:00:10, 12:00:20); [12:00:00, 12:00:10) closes</td></tr>
 * <tr><td>12:00:09</td><td>late</td></tr>
 * <tr><td>12:01:40</td><td>joins [12:01:40, 12:01:50); [12:00:10, 12:00:20) closes; the seven steps between are a gap</td></tr>
 * </table>
 *
 * <p>Work for each event is bounded: a jump over years closes at most the open steps. Where more steps are open than
 * {@code limits.open-steps}, the oldest closes before it is due. A step remembers the times of the latest
 * {@value OpenStep#REMEMBERED_MAX} events; an older one that comes again counts twice.
 */
final class GridAligner implements StepAligner {
    /** Slots of open steps begin here. */
    static final int FIRST_SLOT = 40_000;

    private final GridSpec grid;
    private final int features;
    private final int openMax;
    private final boolean rejectsSameTime;
    private final long stepMs;
    private final long latenessMs;
    /** Ascending by index. */
    private final List<OpenStep> open = new ArrayList<>();

    private final List<OpenStep> free = new ArrayList<>();
    private int slotsMade;
    private long clockMs = Long.MIN_VALUE;
    /** Steps below this are closed. */
    private long nextIndex = Long.MIN_VALUE;

    GridAligner(GridSpec grid, int features, int openMax, boolean rejectsSameTime) {
        this.rejectsSameTime = rejectsSameTime;
        this.grid = grid;
        this.features = features;
        this.openMax = openMax;
        stepMs = grid.stepMs();
        latenessMs = grid.lateness().toMillis();
    }

    @Override
    public Admission accept(DecodedEvent event) {
        long index = Math.floorDiv(event.timeMs, stepMs);
        if (index < nextIndex || isDue(index)) return Admission.LATE;
        int at = open.size();
        while (at > 0 && open.get(at - 1).index > index) at--;
        boolean exists = at > 0 && open.get(at - 1).index == index;
        OpenStep step = exists ? open.get(at - 1) : take().begin(index);
        Admission admission = step.add(event);
        if (!exists) {
            if (admission == Admission.JOINED) open.add(at, step);
            else free.add(step);
        }
        if (admission == Admission.JOINED) clockMs = Math.max(clockMs, event.timeMs);
        return admission;
    }

    private boolean isDue(long index) {
        return clockMs != Long.MIN_VALUE && clockMs >= (index + 1) * stepMs + latenessMs;
    }

    private OpenStep take() {
        return free.isEmpty()
                ? new OpenStep(slotsMade++, features, grid.aggregate(), rejectsSameTime)
                : free.remove(free.size() - 1);
    }

    @Override
    public boolean close(boolean early, Step into) {
        if (open.isEmpty()) return false;
        OpenStep oldest = open.get(0);
        if (!early && open.size() <= openMax && !isDue(oldest.index)) return false;
        open.remove(0);
        oldest.copyTo(into, stepMs);
        nextIndex = oldest.index + 1;
        oldest.dirty = false;
        free.add(oldest);
        return true;
    }

    @Override
    public long newestMs() {
        return clockMs;
    }

    @Override
    public boolean hasOpen() {
        return !open.isEmpty();
    }

    @Override
    public void write(Wire wire) {
        wire.i64(clockMs).i64(nextIndex).u16(open.size());
        for (OpenStep step : open) wire.u16(step.slot);
    }

    @Override
    public void read(Wire wire, int version, Slots slots) {
        clockMs = wire.i64();
        nextIndex = wire.i64();
        int count = wire.u16();
        for (int i = 0; i < count; i++) {
            int slot = wire.u16();
            // slots are handed out in order, so those below a used one exist
            while (slotsMade <= slot) free.add(new OpenStep(slotsMade++, features, grid.aggregate(), rejectsSameTime));
            OpenStep step =
                    free.stream().filter(s -> s.slot == slot).findFirst().orElseThrow();
            free.remove(step);
            byte[] piece = slots.get(FIRST_SLOT + slot);
            if (piece == null) throw new IllegalStateException("open step " + slot + " has no stored state");
            open.add(step.read(Wire.reader(piece), version));
        }
    }

    @Override
    public void save(Wire scratch, Slots slots) {
        for (OpenStep step : open) {
            if (!step.dirty) continue;
            scratch.clear();
            step.write(scratch);
            slots.put(FIRST_SLOT + step.slot, scratch.toBytes());
            step.dirty = false;
        }
    }
}
