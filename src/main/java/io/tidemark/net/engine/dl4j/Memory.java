package io.tidemark.net.engine.dl4j;

import java.util.ArrayList;
import java.util.List;

/**
 * The blocks of one replica. A tape asks for them in a fixed order, so that tapes for other sample counts reuse the same memory;
 * closed together.
 */
final class Memory implements AutoCloseable {
    private final List<Block> blocks = new ArrayList<>();
    private final Scratch scratch = new Scratch();
    private int next;

    /** Begins a tape: blocks are handed out from the first again. */
    void rewind() {
        next = 0;
    }

    /**
     * The next block.
     *
     * @param length floats at the replica's full capacity, the same for every tape
     */
    Block block(long length) {
        if (next == blocks.size()) blocks.add(new Block(Math.max(1, length)));
        return blocks.get(next++);
    }

    /** What all steps of the replica's tapes share. */
    Scratch scratch() {
        return scratch;
    }

    @Override
    public void close() {
        for (Block block : blocks) block.close();
        blocks.clear();
    }
}
