package io.tidemark.series.window;

import io.tidemark.series.sample.EventRanges;
import io.tidemark.series.sample.Wire;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events in a series' stored state that have no outcome yet: those of open steps, and a lone jump. They are read whatever
 * generation the state is of, since what says which events they are does not depend on it.
 */
public final class WaitingEvents {
    /** Slot of the lone jump, and the first and last slot of open steps. */
    public static final int JUMP_SLOT = LoneJump.SLOT;

    public static final int FIRST_SLOT = GridAligner.FIRST_SLOT;
    public static final int LAST_SLOT = 0xFFFF;

    private WaitingEvents() {}

    /** Told of each event. */
    public interface Visitor {
        /**
         * @param partition of the input topic
         * @param offset in that partition
         */
        void waits(int partition, long offset);
    }

    /**
     * Visits each event once.
     *
     * @param head the series' head slot
     * @param steps what is stored in the slots from {@link #FIRST_SLOT} to {@link #LAST_SLOT}, in any order; steps that have closed
     *     may be among them
     * @param jump what is stored in {@link #JUMP_SLOT}, or null
     * @return how many there are
     */
    public static int visit(byte[] head, List<byte[]> steps, byte @Nullable [] jump, Visitor visitor) {
        int visited = 0;
        long newestClosed = StoredHead.newestClosed(head);
        EventRanges events = new EventRanges();
        for (byte[] step : steps) {
            Wire wire = Wire.reader(step);
            // steps close in order, so those after the newest closed one are open
            if (wire.i64() <= newestClosed) continue;
            wire.skip(Long.BYTES);
            events.read(wire);
            for (int range = 0; range < events.size(); range++) {
                for (int i = 0; i < events.count(range); i++, visited++) {
                    visitor.waits(events.partition(range), events.firstOffset(range) + i);
                }
            }
        }
        if (jump == null || jump.length == 0) return visited;
        Wire wire = Wire.reader(jump);
        wire.skip(Long.BYTES);
        visitor.waits(wire.i32(), wire.i64());
        return visited + 1;
    }
}
