package io.tidemark.series.window;

import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.sample.Wire;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Holds back one event that lies far ahead of its series' clock, until the next event of the series says whether it is right: a
 * producer's clock that is wrong for one record must not make every later record late.
 *
 * <table>
 * <caption>The clock of the series stands at 12:00 on 1 June 2024</caption>
 * <tr><th>arrives</th><th>outcome</th></tr>
 * <tr><td>2099</td><td>waits</td></tr>
 * <tr><td>12:01 on 1 June 2024</td><td>joins; the one of 2099 is given up</td></tr>
 * <tr><td>2 August 2024</td><td>waits</td></tr>
 * <tr><td>3 August 2024</td><td>agrees: both join, in the order they came</td></tr>
 * <tr><td>2099</td><td>waits</td></tr>
 * <tr><td>1 October 2024</td><td>nearer to the clock than to 2099, which is given up; waits itself</td></tr>
 * </table>
 */
final class LoneJump {
    /** Further ahead than this waits. */
    static final long JUMP_MS = Duration.ofDays(30).toMillis();

    /** How many times as far as the first jump the next event may go on from it. */
    private static final int ONWARDS = 10;

    static final int SLOT = 39_999;

    private final int features;
    private @Nullable DecodedEvent held;
    private boolean dirty;

    LoneJump(int features) {
        this.features = features;
    }

    /** The event that waits; null when none does. */
    @Nullable
    DecodedEvent waiting() {
        return held;
    }

    /** @param clockMs the newest event time of the series; {@link Long#MIN_VALUE} before its first */
    static boolean isJump(DecodedEvent event, long clockMs) {
        return clockMs != Long.MIN_VALUE && event.timeMs - clockMs > JUMP_MS;
    }

    /** Whether an event is that which waits, come again. */
    static boolean isSame(DecodedEvent waiting, DecodedEvent event) {
        return event.timeMs == waiting.timeMs
                && event.feature == waiting.feature
                && event.valuesHash() == waiting.valuesHash();
    }

    /**
     * Whether an event says that the one that waits is right: it goes on from there, by no jump of another order of size (a series of a value
     * a quarter jumps each time), or goes back by less than it is itself ahead of the clock.
     */
    static boolean agrees(DecodedEvent waiting, DecodedEvent event, long clockMs) {
        if (!isJump(event, clockMs)) return false;
        long onwards = event.timeMs - waiting.timeMs;
        return onwards >= 0 ? onwards <= ONWARDS * (waiting.timeMs - clockMs) : -onwards <= event.timeMs - clockMs;
    }

    void hold(DecodedEvent event) {
        DecodedEvent copy = new DecodedEvent(features);
        copy.series = event.series;
        copy.timeMs = event.timeMs;
        copy.feature = event.feature;
        copy.partition = event.partition;
        copy.offset = event.offset;
        copy.producedMs = event.producedMs;
        System.arraycopy(event.values(), 0, copy.values(), 0, features);
        held = copy;
        dirty = true;
    }

    void forget() {
        held = null;
        dirty = true;
    }

    void save(Wire scratch, Slots slots) {
        if (!dirty) return;
        scratch.clear();
        DecodedEvent event = held;
        if (event != null) {
            scratch.i64(event.timeMs).i32(event.partition).i64(event.offset).i64(event.producedMs);
            scratch.i32(event.feature).doubles(event.values(), 0, features);
        }
        slots.put(SLOT, scratch.toBytes());
        dirty = false;
    }

    void read(String series, Slots slots) {
        byte[] stored = slots.get(SLOT);
        if (stored == null || stored.length == 0) return;
        Wire wire = Wire.reader(stored);
        DecodedEvent event = new DecodedEvent(features);
        event.series = series;
        event.timeMs = wire.i64();
        event.partition = wire.i32();
        event.offset = wire.i64();
        event.producedMs = wire.i64();
        event.feature = wire.i32();
        wire.readDoubles(event.values(), 0, features);
        held = event;
    }
}
