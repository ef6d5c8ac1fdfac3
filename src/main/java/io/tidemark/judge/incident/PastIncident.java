package io.tidemark.judge.incident;

import io.tidemark.judge.feedback.Feedback;
import java.util.List;

/**
 * What stays of an incident that is over.
 *
 * @param sinceMs event time at which its first alert opened; epoch milliseconds
 * @param untilMs event time of its newest change; epoch milliseconds
 * @param series those that its record showed, as {@code stream/series}; at most {@link Incident#SHOWN_MAX}
 * @param taken who acknowledged it, and that person's note; empty where nobody did
 * @param label what people said of one of its series meanwhile, as records name it; empty where nobody did
 * @param labelled who said so, and that person's note
 */
public record PastIncident(
        String id,
        long sinceMs,
        long untilMs,
        List<String> series,
        Fingerprint fingerprint,
        Remark taken,
        String label,
        Remark labelled) {

    /**
     * What a person said.
     *
     * @param who may be empty
     * @param note may be empty; cut to {@value #NOTE_CHARS_MAX} characters
     */
    public record Remark(String who, String note) {
        static final int NOTE_CHARS_MAX = 200;
        static final Remark NONE = new Remark("", "");

        public Remark {
            if (note.length() > NOTE_CHARS_MAX) note = note.substring(0, NOTE_CHARS_MAX - 1) + "…";
        }
    }

    public PastIncident {
        series = List.copyOf(series);
    }

    static PastIncident of(Incident incident, Fingerprint fingerprint) {
        IncidentHead head = incident.head();
        return new PastIncident(
                head.id,
                head.sinceMs,
                head.timeMs,
                incident.shown().stream().map(Member::key).toList(),
                fingerprint,
                new Remark(head.who, head.note),
                head.label,
                head.labelled);
    }

    /** Whether a label is of one of its series while it lasted. */
    boolean isMeant(Feedback label) {
        return label.fromMs() <= untilMs
                && label.toMs() >= sinceMs
                && series.contains(label.stream() + "/" + label.series());
    }

    PastIncident and(Feedback said) {
        Remark remark = new Remark(said.who(), said.note());
        return new PastIncident(id, sinceMs, untilMs, series, fingerprint, taken, said.label(), remark);
    }

    /** Whether people have said anything of it. */
    boolean isKnown() {
        return !label.isEmpty() || !taken.equals(Remark.NONE);
    }

    /** The group of streams whose incident it was. */
    public String group() {
        return id.substring(0, Math.max(0, id.indexOf('@')));
    }
}
