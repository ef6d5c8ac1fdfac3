package io.tidemark.judge.slots;

import org.jspecify.annotations.Nullable;

/** Gives back the slots that a {@link SlotSink} received. */
@FunctionalInterface
public interface SlotSource {
    /** The newest bytes of a slot, or null when that slot was never written. */
    byte @Nullable [] slot(int slot);
}
