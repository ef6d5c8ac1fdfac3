package io.tidemark.judge.calibration;

import io.tidemark.judge.slots.SlotMemory;

/** One signal judged by its novelty: how surprising is the distance to the nearest value that it ever had. */
final class Novelty {
    private final SeenValues seen;
    private final TailHistogram distances;
    private double value;
    private double distance;

    Novelty(SlotMemory memory, int capacity, int memorySamples) {
        seen = new SeenValues(memory, capacity);
        distances = TailHistogram.ofMember(memory, memorySamples);
    }

    static int bytes(int capacity) {
        return SeenValues.bytes(capacity) + TailHistogram.BYTES_OF_MEMBER;
    }

    /** Surprise of a finite value, which {@link #learn} then takes. */
    double surprise(double value) {
        this.value = value;
        this.distance = seen.distance(value);
        return distances.surprise(distance);
    }

    /** Learns the value last judged. */
    void learn() {
        if (seen.count() > 0) {
            distances.learn(distance);
        }
        seen.learn(value);
    }
}
