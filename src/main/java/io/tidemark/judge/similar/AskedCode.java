package io.tidemark.judge.similar;

import io.tidemark.judge.feedback.Feedback;
import org.jspecify.annotations.Nullable;

/** Looks for the code of one step among those that it is shown, and says what there is where there is none. */
public final class AskedCode {
    private final String stream;
    private final String series;
    private final long timeMs;
    private @Nullable Code found;
    private boolean streamSeen;
    private @Nullable Code before;
    private @Nullable Code after;

    /** @param timeMs event time of the newest step of the window; epoch milliseconds */
    public AskedCode(String stream, String series, long timeMs) {
        this.stream = stream;
        this.series = series;
        this.timeMs = timeMs;
    }

    /** Takes the next code; of two of one step the later one counts. */
    public void take(Code code) {
        if (!code.stream().equals(stream)) return;
        streamSeen = true;
        if (!code.window().series().equals(series)) return;
        long at = code.window().timeMs();
        if (at == timeMs) found = code;
        else if (at < timeMs && (before == null || before.window().timeMs() <= at)) before = code;
        else if (at > timeMs && (after == null || after.window().timeMs() > at)) after = code;
    }

    /** @throws IllegalStateException when none was shown; says what to do */
    public Code found() {
        if (found != null) return found;
        if (!streamSeen) {
            throw new IllegalStateException("stream " + stream
                    + " has no codes there; declare outputs: {codes: true} in its file and start its workers again");
        }
        String name = stream + "/" + series;
        if (before == null && after == null) throw new IllegalStateException("series " + name + " has no codes there");
        throw new IllegalStateException(name + " has no code at " + Feedback.time(timeMs) + "; "
                + (before == null ? "" : "the last before it is at " + time(before))
                + (before == null || after == null ? "" : ", ")
                + (after == null ? "" : "the first after it is at " + time(after)));
    }

    private static String time(Code code) {
        return Feedback.time(code.window().timeMs());
    }
}
