package io.tidemark.net.engine;

import io.tidemark.net.network.Hidden;

/** Which values of a sample a layer {@link Hidden} sets to 0, the same on every engine. */
public final class HiddenBlocks {
    private final float share;
    private final int block;
    private final int size;
    private final int rows;
    private final int columns;
    private final int inner;
    private final int cellColumns;
    private final int draws;

    /** @param shape {@code [step, feature]} or {@code [channel, row, column]} */
    public HiddenBlocks(Hidden layer, int[] shape) {
        boolean image = shape.length == 3;
        this.share = (float) layer.share();
        this.block = layer.block();
        this.rows = image ? shape[1] : shape[0];
        this.columns = image ? shape[2] : 1;
        this.inner = image ? 1 : shape[1];
        this.size = image ? shape[0] * rows * columns : rows * inner;
        this.cellColumns = (columns - 1) / block + 2;
        this.draws = 2 + ((rows - 1) / block + 2) * cellColumns;
    }

    /**
     * 0 for a hidden value, 1 for another, while training.
     *
     * @param random the numbers of the layer's training step
     * @param element place in the batch, samples one after another
     */
    public float whileTraining(CounterRandom random, int element) {
        long first = (long) (element / size) * draws;
        int at = element % size / inner;
        int row = (at / columns % rows + shift(random, first)) / block;
        int column = columns == 1 ? 0 : (at % columns + shift(random, first + 1)) / block;
        return random.uniform(first + 2 + (long) row * cellColumns + column) < share ? 0f : 1f;
    }

    private int shift(CounterRandom random, long index) {
        return (int) Math.floorMod(random.bits(index), (long) block);
    }

    /** The same while scoring, of one sample: the last step of a series is hidden, nothing of an image. */
    public float whileScoring(int element) {
        return inner * rows == size && columns == 1 && element / inner == rows - 1 ? 0f : 1f;
    }
}
