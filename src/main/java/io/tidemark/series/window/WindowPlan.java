package io.tidemark.series.window;

import io.tidemark.config.GridSpec;
import io.tidemark.config.InputSpec;
import io.tidemark.config.StreamSpec;
import java.util.Optional;

/**
 * How events of one stream become windows. Immutable, apart from its arrays, which nobody writes.
 *
 * <p>A window is as long as the longest context that one of the stream's networks scores with. State of another
 * {@link StreamSpec#generation()} is not taken up; a changed context keeps the rows there are.
 */
public final class WindowPlan {
    /** Rows of the longest window. */
    public static final int CONTEXT_MAX = 8192;

    final StreamSpec stream;
    final int context;
    final int generation;
    final int features;
    final double clip;
    /** How each feature is filled. */
    final GridSpec.Filling[] fills;
    /** What is made of each feature. */
    final InputSpec.Derive[] derives;

    final boolean anyDerived;
    /** Whether a step of which nothing came is a step of values. */
    final boolean fillsValues;

    /** @param contextRows rows of a sample, this step's own among them; in [1, {@value #CONTEXT_MAX}] */
    public WindowPlan(StreamSpec stream, int contextRows) {
        if (contextRows < 1 || contextRows > CONTEXT_MAX) {
            throw new IllegalArgumentException("a window of stream " + stream.name() + " must be in [1, " + CONTEXT_MAX
                    + "] rows, but was " + contextRows);
        }
        this.stream = stream;
        context = contextRows;
        generation = stream.generation();
        features = stream.features();
        clip = stream.scaling().clip();
        fills = new GridSpec.Filling[features];
        derives = new InputSpec.Derive[features];
        boolean any = false;
        boolean values = stream.grid().step().isPresent();
        for (int f = 0; f < features; f++) {
            InputSpec.Values declared =
                    stream.input().fields().features().get(f).values();
            fills[f] = declared.fill().orElse(new GridSpec.Filling(stream.grid().fill(), 0));
            derives[f] = declared.derive();
            any |= derives[f] != InputSpec.Derive.NONE;
            values &= fills[f].isValue();
        }
        anyDerived = any;
        fillsValues = values;
    }

    public StreamSpec stream() {
        return stream;
    }

    /** A series that was never seen and is alone on its thread. */
    public SeriesPipeline begin(String series, boolean teaches) {
        return begin(series, teaches, new WindowScratch(this));
    }

    /**
     * A series that was never seen.
     *
     * @param teaches whether its rows go to the training topic
     * @param scratch of this plan; the series of one thread share it
     */
    public SeriesPipeline begin(String series, boolean teaches, WindowScratch scratch) {
        return new SeriesPipeline(this, scratch, series, teaches);
    }

    /**
     * A series from its stored state.
     *
     * @param scratch of this plan; the series of one thread share it
     * @return empty when there is none of this generation
     */
    public Optional<SeriesPipeline> restore(String series, Slots slots, WindowScratch scratch) {
        byte[] head = slots.get(SeriesPipeline.HEAD_SLOT);
        if (head == null) return Optional.empty();
        return SeriesPipeline.read(this, scratch, series, head, slots);
    }

    /** Whether a stored head slot is of this generation. */
    public boolean isCurrent(byte[] head) {
        return StoredHead.generation(head) == generation;
    }

    /** Whether the series of a stored head slot teaches. */
    public boolean teaches(byte[] head) {
        return StoredHead.teaches(head);
    }

    /** Event time of the newest event of a stored head slot; epoch milliseconds; the least number where it does not say. */
    public long newestMs(byte[] head) {
        return StoredHead.newestMs(head);
    }

    /** Bytes that one series keeps in the store: about; without the store's own overhead, open steps and waiting rows of training. */
    public long stateBytes() {
        long chunk = (long) RowRing.chunkRows(features) * (1 + 8L * features);
        return RowRing.chunks(features, context) * chunk + headBytes();
    }

    /** Bytes that one series takes of the heap: about, measured. */
    public long liveBytes() {
        return 1100 + 16L * features * context + 64L * features;
    }

    /** Bytes that one event rewrites in the store: about, on average. */
    public long eventBytes() {
        int chunkRows = RowRing.chunkRows(features);
        long row = 1 + 8L * features;
        long openStep = stream.grid().step().isEmpty() ? 0 : 64 + 12L * features;
        return headBytes() + chunkRows / 2 * row + row + openStep;
    }

    private long headBytes() {
        return 64 + 26L * features;
    }

    StepAligner aligner() {
        GridSpec grid = stream.grid();
        boolean rejectsSameTime = stream.input().choice().sameTime() == InputSpec.SameTime.REJECT;
        if (stream.input().image().isPresent()) return new FrameAligner();
        return grid.step().isEmpty()
                ? new EventAligner(features, rejectsSameTime)
                : new GridAligner(grid, features, stream.limits().openSteps(), rejectsSameTime);
    }
}
