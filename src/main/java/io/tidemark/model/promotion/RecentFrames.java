package io.tidemark.model.promotion;

import io.tidemark.config.ImageSpec;
import io.tidemark.config.StreamSpec;
import io.tidemark.series.sample.Frame;
import io.tidemark.series.sample.TrainingRows;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers the newest recorded frames of a stream within a limit: as many as {@code image.keep} bytes hold, and at most
 * {@link #FRAMES_MAX}, all series together.
 *
 * <p>A comparison needs enough frames of one series, for each warms up by itself. So when the limit is reached and there are more series than
 * can have {@link #SERIES_FRAMES} each, the one with the fewest goes; else the one with the most gives up its oldest. One thread.
 */
public final class RecentFrames {
    /** Frames at most: what a trial costs grows with them. */
    static final int FRAMES_MAX = 2000;
    /** Frames of a series that are worth more than those of one more series. */
    public static final int SERIES_FRAMES = 400;

    private record Recorded(long step, long timeMs, Frame frame) {}

    private final StreamSpec stream;
    private final long fromMs;
    private final int framesMax;
    private final int seriesMax;
    private final Map<String, Deque<Recorded>> all = new LinkedHashMap<>();
    private int kept;

    /** @param fromMs frames before this event time are left out; epoch milliseconds */
    public RecentFrames(StreamSpec stream, long fromMs) {
        this.stream = stream;
        this.fromMs = fromMs;
        framesMax = most(stream.input().image().orElseThrow());
        seriesMax = Math.max(1, Math.min(Judge.SERIES_MAX, framesMax / SERIES_FRAMES));
    }

    /** Frames that are gathered at most. */
    public static int most(ImageSpec image) {
        return Math.min(FRAMES_MAX, image.limits().keepBytes() / image.values());
    }

    /** Takes a record of {@code training}; what is no frame of the stream's generation, or not after the last of its series, is left out. */
    public void add(TrainingRows row) {
        Frame frame = row.frame();
        if (frame == null || row.generation != stream.generation() || row.timeMs(0) < fromMs) return;
        Deque<Recorded> series = all.computeIfAbsent(row.series, name -> new ArrayDeque<>());
        if (!series.isEmpty() && row.step(0) <= series.getLast().step()) return;
        series.add(new Recorded(row.step(0), row.timeMs(0), frame));
        kept++;
        if (kept > framesMax) makeRoom();
    }

    private void makeRoom() {
        Collection<Deque<Recorded>> lengths = all.values();
        if (lengths.size() > seriesMax) {
            Deque<Recorded> shortest = java.util.Collections.min(lengths, Comparator.comparingInt(Deque::size));
            kept -= shortest.size();
            lengths.removeIf(series -> series == shortest);
        } else {
            java.util.Collections.max(lengths, Comparator.comparingInt(Deque::size))
                    .removeFirst();
            kept--;
        }
    }

    /** Frames gathered now. */
    int kept() {
        return kept;
    }

    /** What has been gathered, by series. */
    public List<ReplayedFrames> recordings() {
        List<ReplayedFrames> found = new ArrayList<>();
        all.forEach((name, recorded) -> found.add(ReplayedFrames.of(
                name,
                recorded.stream().mapToLong(Recorded::timeMs).toArray(),
                recorded.stream().map(Recorded::frame).toList(),
                stream.scaling())));
        return found;
    }
}
