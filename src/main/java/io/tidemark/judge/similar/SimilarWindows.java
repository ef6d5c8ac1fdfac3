package io.tidemark.judge.similar;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The windows of the past that are most like one window: whose codes lie nearest to its code.
 *
 * <ol>
 *   <li>Compared are the codes of its stream, of any series, that its network made and whose time is before its own, by whatever
 *       version: a version that learnt on from another gives like windows like codes, and codes of one that was trained anew lie far
 *       from all.
 *   <li>Distances are Euclidean.
 *   <li>No two of the result, nor one of them and the asked window, have a row in common or, in one series, times that lie closer than
 *       {@code apartMs}; of those that do, the nearest counts. In a tie the earlier one is nearer.
 *   <li>Of all that is compared only the {@code kept} nearest are held, from which the result is taken.
 * </ol>
 *
 * <p>The result does not depend on the order in which codes are taken. Owned by one thread.
 */
public final class SimilarWindows {
    /** Windows that are held at most, unless said otherwise: about 20 MB. */
    public static final int KEPT = 100_000;

    private static final Comparator<Similar> NEAREST = Comparator.comparingDouble(Similar::distance)
            .thenComparingLong(similar -> similar.window().timeMs())
            .thenComparing(similar -> similar.window().series())
            .thenComparingInt(similar -> similar.window().generation())
            .thenComparingInt(Similar::version);

    private final Code asked;
    private final long apartMs;
    private final int kept;
    private final PriorityQueue<Similar> nearest = new PriorityQueue<>(NEAREST.reversed());
    private long compared;
    private double distances;

    /**
     * A window that was compared.
     *
     * @param distance at least 0
     * @param version of the model that made its code
     */
    public record Similar(double distance, Code.Window window, int version) {}

    /**
     * @param apartMs at least 0
     * @param kept at least 1
     */
    public SimilarWindows(Code asked, long apartMs, int kept) {
        this.asked = asked;
        this.apartMs = apartMs;
        this.kept = kept;
    }

    /** Compares the next code, if it is one to compare. */
    public void take(Code code) {
        if (!isPast(code)) return;
        double distance = code.distance(asked);
        compared++;
        distances += distance;
        nearest.add(new Similar(distance, code.window(), code.model().version()));
        if (nearest.size() > kept) nearest.remove();
    }

    private boolean isPast(Code code) {
        return code.window().timeMs() < asked.window().timeMs()
                && code.stream().equals(asked.stream())
                && code.model().network().equals(asked.model().network())
                && code.values().length == asked.values().length
                && !areClose(code.window(), asked.window());
    }

    private boolean areClose(Code.Window one, Code.Window other) {
        return one.overlaps(other)
                || Math.abs(one.timeMs() - other.timeMs()) < apartMs
                        && one.series().equals(other.series());
    }

    /**
     * The nearest, nearest first.
     *
     * @param most at least 1
     */
    public List<Similar> nearest(int most) {
        List<Similar> sorted = new ArrayList<>(nearest);
        sorted.sort(NEAREST);
        List<Similar> apart = new ArrayList<>();
        for (Similar next : sorted) {
            if (apart.size() == most) break;
            if (apart.stream().noneMatch(nearer -> areClose(nearer.window(), next.window()))) apart.add(next);
        }
        return apart;
    }

    /** Codes that were compared. */
    public long compared() {
        return compared;
    }

    /** Mean of all distances; NaN when nothing was compared. */
    public double meanDistance() {
        return distances / compared;
    }
}
