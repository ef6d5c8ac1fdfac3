package io.tidemark.app.cli;

import io.tidemark.config.Sha256;
import io.tidemark.judge.incident.Silence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A silence for each time that an event of a calendar comes. Its id follows from the event, its time and what is silenced, so that the same calendar
 * read again makes the same silences.
 */
final class CalendarSilences {
    /** Silences of one calendar. */
    static final int SILENCES_MAX = 500;

    private static final int ID_CHARS = 12;

    private CalendarSilences() {}

    /**
     * Those of a stretch; where the author notes nothing, with the summary of their event.
     *
     * @throws IllegalArgumentException when there are too many, or one is too long
     */
    static List<Silence> of(
            CalendarFile calendar, Instant from, Instant to, Silence.Scope scope, AuthorOptions author) {
        List<Silence> silences = new ArrayList<>();
        for (CalendarFile.Occurrence one : calendar.within(from, to, SILENCES_MAX)) {
            String note = author.note().isEmpty() ? one.summary() : author.note();
            silences.add(new Silence(
                    "cal-"
                            + Sha256.hex(one.uid() + "\n" + one.from() + "\n" + scope)
                                    .substring(0, ID_CHARS),
                    scope,
                    one.from().toEpochMilli(),
                    one.to().toEpochMilli(),
                    author.who(),
                    note.substring(0, Math.min(1000, note.length()))));
        }
        return silences;
    }
}
