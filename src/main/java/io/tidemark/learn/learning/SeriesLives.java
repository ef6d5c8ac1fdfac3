package io.tidemark.learn.learning;

import io.tidemark.series.sample.Gate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Which series are known, and which life of a series a row or a gate belongs to. Where the steps of a series begin again at a later time, because
 * it was forgotten meanwhile, so do its gates, and each life has its own.
 */
final class SeriesLives {
    /** How often in the time after which a silent series is given back the series are looked through. */
    private static final int REVIEWS = 8;

    /** How many times that time rows may wait for their gates, or gates for their rows, until neither is waited for. */
    static final int AWAITED = 8;

    /** In the order in which they began. */
    final List<SeriesRows> all = new ArrayList<>();
    /** The lives of each series, oldest first; never empty. */
    private final Map<String, List<SeriesRows>> byName = new HashMap<>();

    /** Silence after which a series is given back; 0 for never. */
    private final long expireMs;
    /** Event time of the newest row; epoch milliseconds. */
    long newestMs = Long.MIN_VALUE;

    SeriesLives(long expireMs) {
        this.expireMs = expireMs;
    }

    /** The lives of a series, oldest first. */
    List<SeriesRows> of(String series) {
        return byName.getOrDefault(series, List.of());
    }

    /** Another life of a series; null, when there are too many. What a person said holds for it too. */
    @Nullable
    SeriesRows begin(String series) {
        SeriesRows life = new SeriesRows(series, newestMs);
        List<SeriesRows> before = of(series);
        if (!before.isEmpty()) life.labels.addAll(before.get(before.size() - 1).labels);
        return take(life) ? life : null;
    }

    /** Takes a life that is the newest of its series; false, when there are too many. */
    boolean take(SeriesRows life) {
        if (all.size() >= TaughtRows.SERIES_MAX) return false;
        byName.computeIfAbsent(life.series, name -> new ArrayList<>(1)).add(life);
        all.add(life);
        return true;
    }

    /** Where a row belongs; null, when there are too many. */
    @Nullable
    SeriesRows ofRow(String series, long step, long timeMs) {
        List<SeriesRows> lives = of(series);
        int at = 0;
        while (at + 1 < lives.size() && lives.get(at + 1).lastStep != Long.MIN_VALUE) at++;
        SeriesRows newest = lives.isEmpty() ? null : lives.get(at);
        if (newest != null && step <= newest.lastStep && timeMs > newest.lastMs) at++;
        return at < lives.size() ? lives.get(at) : begin(series);
    }

    /** Where a gate belongs; null, when there are too many. */
    @Nullable
    SeriesRows ofGate(Gate gate) {
        List<SeriesRows> lives = of(gate.series());
        int at = 0;
        while (at + 1 < lives.size() && lives.get(at + 1).lastGate != Long.MIN_VALUE) at++;
        boolean again = !lives.isEmpty() && gate.fromStep() < lives.get(at).lastGate
                || at + 1 < lives.size() && gate.fromStep() == lives.get(at).lastGate;
        if (again) at++;
        return at < lives.size() ? lives.get(at) : begin(gate.series());
    }

    /**
     * Now and then, by event time, names the lives that have been silent for too long. Those of which rows wait for gates, or gates for rows, as
     * the topics of both are read apart, have {@value #AWAITED} times that time.
     *
     * @param timeMs event time of a row; epoch milliseconds
     * @param silent takes their indexes, the highest first, and removes them
     */
    void review(long timeMs, IntConsumer silent) {
        if (timeMs <= newestMs) return;
        long everyMs = Math.max(1, expireMs / REVIEWS);
        long before = newestMs;
        newestMs = timeMs;
        // what began before the stream's first row has not been silent until then
        if (before == Long.MIN_VALUE) for (SeriesRows life : all) life.lastMs = Math.max(life.lastMs, timeMs);
        if (expireMs == 0 || Math.floorDiv(before, everyMs) == Math.floorDiv(timeMs, everyMs)) return;
        long deadMs = Math.floorDiv(timeMs, everyMs) * everyMs - expireMs;
        for (int i = all.size() - 1; i >= 0; i--) {
            SeriesRows life = all.get(i);
            // what is still to be read of it would otherwise begin another life, which has nothing to end with
            Gate last = life.gates.peekLast();
            boolean awaited = !life.waiting.isEmpty() || last != null && last.toStep() > life.lastStep;
            if (life.lastMs < (awaited ? deadMs - (AWAITED - 1) * expireMs : deadMs)) silent.accept(i);
        }
    }

    /** Forgets a life. */
    SeriesRows remove(int index) {
        SeriesRows dead = all.remove(index);
        List<SeriesRows> lives = of(dead.series);
        lives.remove(dead);
        if (lives.isEmpty()) byName.remove(dead.series);
        return dead;
    }
}
