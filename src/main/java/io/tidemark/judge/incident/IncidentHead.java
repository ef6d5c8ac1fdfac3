package io.tidemark.judge.incident;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an incident holds beside its members. Owned by its {@link Incident}. */
public final class IncidentHead {
    static final long NOT_QUIET = Long.MIN_VALUE;

    final String id;
    final String group;
    /** The stream of the alert that began it, whose rules hold for it. */
    final String stream;

    IncidentState state = IncidentState.PENDING;
    Severity severity = Severity.INFO;
    /** Event time of the earliest opening. */
    long sinceMs;
    /** Event time of the newest opening. */
    long newestOnsetMs;
    /** Event time of the newest change. */
    long timeMs;
    /** Wall time of the beginning. */
    final long begunMs;
    /** Wall time of the newest change. */
    long changedMs;
    /** Wall time since when no alert has been open; {@link #NOT_QUIET} while one is. */
    long quietSinceMs = NOT_QUIET;
    /** Records written of it so far. */
    int revision;
    /** The state that the newest record tells of; null before there is one. */
    @Nullable
    IncidentState told;
    /** The severity that the newest record tells of; null before there is one. */
    @Nullable
    Severity toldSeverity;
    /** Series that it had when something of it was last news; 0 before and where it is not known. */
    int toldSeries;
    /** What of it is news in the record at hand: {@code state}, {@code severity}, {@code series}, or nothing but values and a few more series. */
    List<String> news = List.of();
    /** Whether something has changed since the newest record. */
    boolean isUntold;

    /** The past incidents most like it, when the record at hand was made. */
    List<IncidentMemory.Similar> similar = List.of();

    String reason = "";
    String who = "";
    String note = "";
    /** What people said of one of its series while it lasted; empty where nobody did. */
    String label = "";
    /** Who said so. */
    PastIncident.Remark labelled = PastIncident.Remark.NONE;

    IncidentHead(String id, String group, String stream, long sinceMs, long timeMs, long nowMs) {
        this.id = id;
        this.group = group;
        this.stream = stream;
        this.sinceMs = sinceMs;
        this.newestOnsetMs = sinceMs;
        this.timeMs = timeMs;
        this.begunMs = nowMs;
        this.changedMs = nowMs;
    }

    public String group() {
        return group;
    }

    public Severity severity() {
        return severity;
    }

    /** Event time of the earliest opening; epoch milliseconds. */
    public long sinceMs() {
        return sinceMs;
    }

    /** Event time of the newest change; epoch milliseconds. */
    public long timeMs() {
        return timeMs;
    }

    /** Rises by one with each record of the incident. */
    public int revision() {
        return revision;
    }

    /** Why it is over; empty before. */
    public String reason() {
        return reason;
    }

    /** Who acknowledged it; empty while nobody has. */
    public String who() {
        return who;
    }

    public String note() {
        return note;
    }
}
