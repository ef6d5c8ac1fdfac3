package io.tidemark.image.detect;

import io.tidemark.learn.pixels.ErrorMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A connected place that stands out of an error map.
 *
 * @param box the pixels it spans
 * @param share of the map's excess over its median that lies in the region; in (0, 1]
 * @param peak the largest value in it
 */
public record Region(Box box, double share, float peak) {
    /** The most regions that are looked for in a map. */
    public static final int COUNT_MAX = 32;

    /** A region reaches down to this share of its own peak's excess over the median. */
    private static final float REACH = 0.5f;

    /** A peak below this share of the map's largest excess starts no region. */
    private static final float LEAST = 0.3f;

    public Region {
        if (!(share > 0 && share <= 1 + 1e-6)) {
            throw new IllegalArgumentException("a region's share must be in (0, 1], but was " + share);
        }
    }

    /**
     * The places that stand out most, by their peak, highest first: from each peak the region grows over neighbouring pixels
     * (eight of them) down to half of the peak's height over the median. What only falls away from a region further down belongs to
     * its slope and starts no other. Regions do not overlap in pixels; their boxes may.
     *
     * @param count the most regions; in [1, 32]
     * @return none for a map that is the same everywhere
     */
    public static List<Region> of(ErrorMap map, int count) {
        if (count < 1 || count > COUNT_MAX) {
            throw new IllegalArgumentException("regions must be in [1, " + COUNT_MAX + "], but were " + count);
        }
        float median = map.median();
        double total = 0;
        for (float value : map.values()) total += Math.max(0, value - median);
        float excess = map.largest() - median;
        List<Region> regions = new ArrayList<>();
        if (!(total > 0)) return regions;
        boolean[] taken = new boolean[map.values().length];
        while (regions.size() < count) {
            int peak = highest(map, taken);
            if (peak < 0 || map.values()[peak] - median < LEAST * excess) break;
            regions.add(grow(map, peak, median, total, taken));
        }
        return regions;
    }

    private static int highest(ErrorMap map, boolean[] taken) {
        int highest = -1;
        float[] values = map.values();
        for (int i = 0; i < values.length; i++) {
            if (!taken[i] && (highest < 0 || values[i] > values[highest])) highest = i;
        }
        return highest;
    }

    private static Region grow(ErrorMap map, int peak, float median, double total, boolean[] taken) {
        float[] values = map.values();
        int columns = map.columns();
        List<Integer> inside = connected(map, peak, median + REACH * (values[peak] - median), taken);
        int left = columns;
        int right = 0;
        int top = map.rows();
        int bottom = 0;
        double sum = 0;
        for (int at : inside) {
            sum += Math.max(0, values[at] - median);
            left = Math.min(left, at % columns);
            right = Math.max(right, at % columns);
            top = Math.min(top, at / columns);
            bottom = Math.max(bottom, at / columns);
        }
        takeSlope(map, inside, median, taken);
        Box box = new Box(left, top, right - left + 1, bottom - top + 1);
        return new Region(box, Math.min(1, sum / total), values[peak]);
    }

    /** Takes the pixels that are joined to one and no lower than a level. */
    private static List<Integer> connected(ErrorMap map, int from, float level, boolean[] taken) {
        List<Integer> found = new ArrayList<>();
        taken[from] = true;
        found.add(from);
        for (int i = 0; i < found.size(); i++) {
            for (int next : neighbours(map, found.get(i))) {
                if (taken[next] || map.values()[next] < level) continue;
                taken[next] = true;
                found.add(next);
            }
        }
        return found;
    }

    /** Takes what falls away from a region without ever rising, as far as it stands out at all. */
    private static void takeSlope(ErrorMap map, List<Integer> region, float median, boolean[] taken) {
        ArrayDeque<Integer> edge = new ArrayDeque<>(region);
        while (!edge.isEmpty()) {
            int at = edge.remove();
            for (int next : neighbours(map, at)) {
                float value = map.values()[next];
                if (taken[next] || value > map.values()[at] || value <= median) continue;
                taken[next] = true;
                edge.add(next);
            }
        }
    }

    private static int[] neighbours(ErrorMap map, int at) {
        int row = at / map.columns();
        int column = at % map.columns();
        int[] found = new int[8];
        int count = 0;
        for (int r = Math.max(0, row - 1); r <= Math.min(map.rows() - 1, row + 1); r++) {
            for (int c = Math.max(0, column - 1); c <= Math.min(map.columns() - 1, column + 1); c++) {
                if (r != row || c != column) found[count++] = r * map.columns() + c;
            }
        }
        return Arrays.copyOf(found, count);
    }

    /** The same region in the pixels of the frame that the map's image was made of; see {@link Box#within}. */
    public Region within(ErrorMap map, Box source) {
        return new Region(box.within(map.rows(), map.columns(), source), share, peak);
    }
}
