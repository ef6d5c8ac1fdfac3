package io.tidemark.judge.slots;

/** Receives the slots of a series' state that changed, for a store keyed by (series, slot index). */
@FunctionalInterface
public interface SlotSink {
    /**
     * Takes one slot.
     *
     * @param slot index of the slot, in [0, slot count)
     * @param bytes a fresh array that the receiver may keep
     */
    void accept(int slot, byte[] bytes);
}
