package io.tidemark.image.trial;

import io.tidemark.learn.pixels.ImageShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Good images cut into a part to learn from and a part to be tested with, such that pictures of the same thing lie on the same side.
 * A random split of pictures that were taken one after another leaks: a detector then only has to recognise copies.
 *
 * @param train indices of the images to learn from, ascending
 * @param test indices of the others, ascending
 */
public record GroupedSplit(List<Integer> train, List<Integer> test) {

    /**
     * Which images belong together: in the order of their numbers a new group begins where the number jumps, and groups that
     * hold a pair of alike images are one.
     *
     * @param numbers such as the number in each file's name
     * @param gap the largest step of the number within a group
     * @param correlation of 32 by 32 thumbnails above which two images show the same thing; in (0, 1]
     * @return a group for each image, numbered from 0 in the order of the images
     */
    public static int[] groups(ImageShape shape, List<float[]> images, long[] numbers, long gap, double correlation) {
        Integer[] order = new Integer[numbers.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Long.compare(numbers[a], numbers[b]));
        int[] parent = new int[numbers.length];
        Arrays.setAll(parent, i -> i);
        for (int i = 1; i < order.length; i++) {
            if (numbers[order[i]] - numbers[order[i - 1]] <= gap) join(parent, order[i], order[i - 1]);
        }
        List<Thumbnail> thumbnails = new ArrayList<>();
        for (float[] image : images) thumbnails.add(Thumbnail.of(shape, image));
        for (int i = 0; i < thumbnails.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (thumbnails.get(i).correlation(thumbnails.get(j)) > correlation) join(parent, i, j);
            }
        }
        return numbered(parent);
    }

    private static int root(int[] parent, int i) {
        while (parent[i] != i) i = parent[i];
        return i;
    }

    private static void join(int[] parent, int i, int j) {
        int a = root(parent, i);
        int b = root(parent, j);
        parent[Math.max(a, b)] = Math.min(a, b);
    }

    /** A group's root is its first image, so it is numbered before its members are met. */
    private static int[] numbered(int[] parent) {
        int[] groups = new int[parent.length];
        int next = 0;
        for (int i = 0; i < parent.length; i++) {
            int root = root(parent, i);
            groups[i] = root == i ? next++ : groups[root];
        }
        return groups;
    }

    /**
     * Whole groups, drawn in the order of the seed, until the share is reached.
     *
     * @param groups of each image, as {@link #groups} gives them
     * @param share of the images to learn from, about; in (0, 1)
     */
    public static GroupedSplit of(int[] groups, double share, long seed) {
        int count = Arrays.stream(groups).max().orElse(-1) + 1;
        if (count < 2) {
            throw new IllegalArgumentException("a split needs images of at least 2 groups, but there are " + count
                    + "; lower the gap or raise the correlation");
        }
        int[] sizes = new int[count];
        for (int group : groups) sizes[group]++;
        List<Integer> order = new ArrayList<>();
        for (int group = 0; group < count; group++) order.add(group);
        Collections.shuffle(order, new Random(seed));
        boolean[] learns = new boolean[count];
        int taken = 0;
        int target = (int) Math.round(share * groups.length);
        for (int group : order) {
            boolean closer = Math.abs(target - (taken + sizes[group])) < Math.abs(target - taken);
            if (!closer) continue;
            learns[group] = true;
            taken += sizes[group];
        }
        List<Integer> train = new ArrayList<>();
        List<Integer> test = new ArrayList<>();
        for (int i = 0; i < groups.length; i++) (learns[groups[i]] ? train : test).add(i);
        if (train.isEmpty() || test.isEmpty()) {
            throw new IllegalArgumentException("one group holds nearly every image, so no split leaves " + share
                    + " of them to learn from; lower the gap or raise the correlation");
        }
        return new GroupedSplit(List.copyOf(train), List.copyOf(test));
    }

    /**
     * The leak control: 1 minus the largest correlation with an image that was learnt from. It knows nothing of defects, so where
     * it ranks images better than chance, the split leaks.
     */
    public static double[] novelty(ImageShape shape, List<float[]> train, List<float[]> asked) {
        List<Thumbnail> known = new ArrayList<>();
        for (float[] image : train) known.add(Thumbnail.of(shape, image));
        double[] novelty = new double[asked.size()];
        for (int i = 0; i < novelty.length; i++) {
            Thumbnail thumbnail = Thumbnail.of(shape, asked.get(i));
            double largest = -1;
            for (Thumbnail other : known) largest = Math.max(largest, thumbnail.correlation(other));
            novelty[i] = 1 - largest;
        }
        return novelty;
    }
}
