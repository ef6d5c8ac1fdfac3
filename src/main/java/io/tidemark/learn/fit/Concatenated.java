package io.tidemark.learn.fit;

import java.util.Arrays;
import java.util.List;

/** Several sets one after the other. */
final class Concatenated implements ExampleSet {
    private final List<ExampleSet> sets;
    /** Index of the first example behind each set. */
    private final int[] ends;

    Concatenated(List<ExampleSet> sets) {
        this.sets = List.copyOf(sets);
        ends = new int[sets.size()];
        int end = 0;
        for (int i = 0; i < ends.length; i++) {
            end = Math.addExact(end, sets.get(i).size());
            ends[i] = end;
        }
    }

    @Override
    public int size() {
        return ends.length == 0 ? 0 : ends[ends.length - 1];
    }

    @Override
    public int inputSize() {
        return sets.get(0).inputSize();
    }

    @Override
    public int targetSize() {
        return sets.get(0).targetSize();
    }

    @Override
    public void copy(int index, float[] input, float[] target, int slot) {
        int set = setOf(index);
        sets.get(set).copy(within(set, index), input, target, slot);
    }

    @Override
    public void weigh(int index, float[] weight, int slot) {
        int set = setOf(index);
        sets.get(set).weigh(within(set, index), weight, slot);
    }

    private int setOf(int index) {
        int found = Arrays.binarySearch(ends, index);
        int set = found >= 0 ? found + 1 : -found - 1;
        while (sets.get(set).size() == 0) set++;
        return set;
    }

    private int within(int set, int index) {
        return index - (set == 0 ? 0 : ends[set - 1]);
    }
}
