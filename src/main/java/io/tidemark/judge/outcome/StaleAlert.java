package io.tidemark.judge.outcome;

import io.tidemark.config.StaleRule;
import io.tidemark.judge.evidence.EvidenceKind;
import io.tidemark.series.sample.Wire;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The alert that nothing of a series comes any more: it opens once the silence is longer than the stream declares, or the series' own rhythm
 * allows, and resolves with the next step. It is of kind {@code stale} and lies beside the alert of the series' values.
 *
 * <p>Whoever knows the time says that it is due ({@link #open}); its {@code since} follows from the series' own steps, and so does its id.
 *
 * <pre>
 *   u8 version = 1 | i64 since, the least number while none is open | i64 the silence that is news | the rhythm
 * </pre>
 */
final class StaleAlert {
    /** No silence of the series is news. */
    static final long NEVER = Long.MAX_VALUE;

    private static final int VERSION = 1;
    private static final int HEAD_BYTES = 1 + 2 * Long.BYTES;
    private static final long NOT_OPEN = Long.MIN_VALUE;
    private static final String SENDS_AGAIN = "sends-again";
    private static final String SERIES_EXPIRED = "series-expired";

    private final String stream;
    private final String series;
    private final StaleRule rule;
    private final Rhythm rhythm = new Rhythm();
    private long sinceMs = NOT_OPEN;
    private long limitMs = NEVER;
    private boolean changed;

    StaleAlert(VerdictPlan plan, String series) {
        this.stream = plan.name();
        this.series = series;
        rule = plan.spec.verdict().idle();
        limitMs = declaredMs();
    }

    private long declaredMs() {
        return rule.after().map(after -> after.toMillis()).orElse(NEVER);
    }

    /** How long the series may be silent from its newest step on; {@link #NEVER} where it may always, or is stale already. */
    long limitMs() {
        return sinceMs == NOT_OPEN ? limitMs : NEVER;
    }

    /** Takes a step, which ends an open alert. */
    void step(long beforeMs, long timeMs, double stepMs, int generation, Outcomes outcomes) {
        boolean wasOpen = sinceMs != NOT_OPEN;
        if (wasOpen) resolve(beforeMs, timeMs, generation, SENDS_AGAIN, outcomes);
        if (!rule.learnt()) return;
        changed |= rhythm.step(beforeMs, timeMs, wasOpen);
        long limit = rhythm.limitMs(stepMs, timeMs);
        changed |= limit != limitMs;
        limitMs = limit;
    }

    /** Opens it, unless it is open. */
    void open(long newestMs, int generation, Outcomes outcomes) {
        if (limitMs() == NEVER) return;
        sinceMs = newestMs + limitMs + 1;
        changed = true;
        String summary = "nothing of " + series + " has come for " + duration(limitMs);
        outcomes.alert(record(Alert.State.OPEN, sinceMs, newestMs, generation, "", summary));
    }

    /** The series is forgotten. */
    void expire(long newestMs, int generation, Outcomes outcomes) {
        if (sinceMs != NOT_OPEN) resolve(newestMs, Math.max(newestMs, sinceMs), generation, SERIES_EXPIRED, outcomes);
        clear();
    }

    private void resolve(long beforeMs, long timeMs, int generation, String reason, Outcomes outcomes) {
        String summary = "nothing of " + series + " came for " + duration(timeMs - beforeMs);
        outcomes.alert(record(Alert.State.RESOLVED, timeMs, beforeMs, generation, reason, summary));
        sinceMs = NOT_OPEN;
        changed = true;
    }

    private Alert record(Alert.State state, long timeMs, long newestMs, int generation, String reason, String summary) {
        return new Alert(
                stream + "/" + series + "@" + Instant.ofEpochMilli(sinceMs),
                state,
                new Alert.Subject(stream, series, generation),
                sinceMs,
                timeMs,
                new Alert.Peak(0, newestMs, Double.NaN, EvidenceKind.STALE, List.of()),
                reason,
                summary);
    }

    private static String duration(long ms) {
        if (ms < 2_000) return ms + " ms";
        if (ms < 120_000) return ms / 1000 + " s";
        if (ms < 2 * 3_600_000L) return ms / 60_000 + " min";
        return ms < 2 * 86_400_000L ? ms / 3_600_000 + " h" : ms / 86_400_000 + " days";
    }

    void clear() {
        rhythm.clear();
        sinceMs = NOT_OPEN;
        limitMs = declaredMs();
        changed = true;
    }

    boolean isChanged() {
        return changed;
    }

    void write(Wire wire) {
        wire.u8(VERSION).i64(sinceMs).i64(limitMs);
        rhythm.write(wire);
        changed = false;
    }

    /** Takes the state back; one of another version, or none, is empty. */
    void read(byte @Nullable [] stored) {
        if (stored == null) return;
        Wire wire = Wire.reader(stored);
        if (wire.u8() != VERSION) return;
        sinceMs = wire.i64();
        limitMs = wire.i64();
        if (!rule.learnt()) limitMs = declaredMs();
        rhythm.read(wire);
    }

    /** Whether one is open in a stored slot. */
    static boolean isOpen(byte @Nullable [] stored) {
        if (stored == null || stored.length < HEAD_BYTES) return false;
        Wire wire = Wire.reader(stored);
        return wire.u8() == VERSION && wire.i64() != NOT_OPEN;
    }

    /** {@link #limitMs} of a stored slot; of a series without one as well. */
    static long limitMs(StaleRule rule, byte @Nullable [] stored) {
        if (isOpen(stored)) return NEVER;
        if (rule.after().isPresent()) return rule.after().get().toMillis();
        if (!rule.learnt() || stored == null || stored.length < HEAD_BYTES) return NEVER;
        Wire wire = Wire.reader(stored);
        if (wire.u8() != VERSION) return NEVER;
        wire.skip(8);
        return wire.i64();
    }
}
