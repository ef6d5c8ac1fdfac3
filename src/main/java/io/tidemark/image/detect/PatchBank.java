package io.tidemark.image.detect;

import io.tidemark.learn.pixels.ErrorMap;
import io.tidemark.learn.pixels.ImageShape;
import io.tidemark.net.engine.EngineException;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.NetworkState.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A {@link MemoryBank} of the patches of normal images: one for each place of a grid, where images lie alike, or one for all
 * places, where texture recurs anywhere. Immutable.
 */
public final class PatchBank implements Detector {
    private static final String PREFIX = "bank/";

    /** Strangest patches of an image that count. */
    private static final int STRANGEST = 2;

    /** Bounds of the vectors that one bank is made of; more images are drawn down to it. */
    private static final long CANDIDATE_FLOATS_MAX = 1L << 25;

    /** The most places that have a bank of their own. */
    private static final int PLACES_MAX = 1024;

    /**
     * @param side of a patch in pixels; in [2, 64]
     * @param stride from one patch to the next, about; in [1, side], so that no pixel is left out
     * @param everywhere one bank for all places instead of one for each
     * @param candidates the most vectors that a bank's coreset is chosen from
     * @param bank of each place
     */
    public record Settings(int side, int stride, boolean everywhere, int candidates, MemoryBank.Settings bank) {
        public Settings {
            if (side < 2 || side > 64) {
                throw new IllegalArgumentException("bank.side must be in [2, 64], but was " + side);
            }
            if (stride < 1 || stride > side) {
                throw new IllegalArgumentException("bank.stride must be in [1, side], but was " + stride);
            }
            if (candidates < 1 || candidates > 1 << 20) {
                throw new IllegalArgumentException("bank.candidates must be in [1, 1048576], but was " + candidates);
            }
        }
    }

    private final ImageShape shape;
    private final int side;
    private final int[] tops;
    private final int[] lefts;
    private final List<MemoryBank> banks;

    private PatchBank(ImageShape shape, int side, int[] tops, int[] lefts, List<MemoryBank> banks) {
        this.shape = shape;
        this.side = side;
        this.tops = tops;
        this.lefts = lefts;
        this.banks = List.copyOf(banks);
    }

    /**
     * The bank of some normal images.
     *
     * @param images each {@code [channel, row, column]} of the shape; at least 1
     * @param seed of the draws and the coresets
     */
    static PatchBank of(Settings settings, ImageShape shape, List<float[]> images, long seed) {
        if (images.isEmpty()) throw new IllegalArgumentException("a patch bank needs at least 1 image");
        int side = Math.min(settings.side, Math.min(shape.rows(), shape.columns()));
        int[] tops = starts(shape.rows(), side, settings.stride);
        int[] lefts = starts(shape.columns(), side, settings.stride);
        PatchBank empty = new PatchBank(shape, side, tops, lefts, List.of());
        int places = tops.length * lefts.length;
        if (!settings.everywhere && places > PLACES_MAX) {
            throw new IllegalArgumentException("a bank for each place is for at most " + PLACES_MAX + " places, but "
                    + settings.side + "x" + settings.side + " patches every " + settings.stride + " pixels of " + shape
                    + " make " + places + "; take one bank for all places or a larger stride");
        }
        int length = empty.patchLength();
        SplittableRandom random = new SplittableRandom(seed);
        List<MemoryBank> banks = new ArrayList<>();
        long most = Math.max(1, CANDIDATE_FLOATS_MAX / length);
        for (int bank = 0; bank < (settings.everywhere ? 1 : places); bank++) {
            long available = (long) images.size() * (settings.everywhere ? places : 1);
            int count = (int) Math.min(Math.min(settings.candidates, most), available);
            long[] drawn = draw(available, count, random);
            float[] vectors = new float[count * length];
            for (int i = 0; i < count; i++) {
                int place = settings.everywhere ? (int) (drawn[i] % places) : bank;
                int image = (int) (settings.everywhere ? drawn[i] / places : drawn[i]);
                empty.patch(images.get(image), place, vectors, i * length);
            }
            banks.add(MemoryBank.of(settings.bank, vectors, count, length, random.nextLong()));
        }
        return new PatchBank(shape, side, tops, lefts, banks);
    }

    /** {@code count} different numbers below {@code available}, ascending (Knuth's algorithm S). */
    private static long[] draw(long available, int count, SplittableRandom random) {
        long[] drawn = new long[count];
        int taken = 0;
        for (long i = 0; taken < count; i++) {
            if (random.nextDouble() * (available - i) < count - taken) drawn[taken++] = i;
        }
        return drawn;
    }

    /** Starts of equal patches from edge to edge, about a stride apart. */
    static int[] starts(int length, int side, int stride) {
        int steps = (length - side + stride - 1) / stride;
        int[] starts = new int[steps + 1];
        for (int i = 1; i <= steps; i++) starts[i] = Math.round((float) i * (length - side) / steps);
        return starts;
    }

    private int patchLength() {
        return shape.channels() * side * side;
    }

    private void patch(float[] image, int place, float[] vectors, int to) {
        int top = tops[place / lefts.length];
        int left = lefts[place % lefts.length];
        for (int channel = 0; channel < shape.channels(); channel++) {
            for (int row = 0; row < side; row++) {
                int from = channel * shape.pixels() + (top + row) * shape.columns() + left;
                System.arraycopy(image, from, vectors, to + (channel * side + row) * side, side);
            }
        }
    }

    @Override
    public String name() {
        return "bank";
    }

    @Override
    public String identity() {
        return name();
    }

    @Override
    public boolean isLevelled() {
        return true;
    }

    @Override
    public List<Measure> score(List<float[]> images) {
        List<Measure> measures = new ArrayList<>();
        for (float[] image : images) {
            float[] distances = distances(image);
            double value = Math.log(meanOfLargest(distances, STRANGEST) + 1e-9);
            measures.add(new Measure(value, map(distances), Optional.empty()));
        }
        return measures;
    }

    /** Distances of an image's patches, {@code [place]}, row by row of the grid. */
    float[] distances(float[] image) {
        float[] patch = new float[patchLength()];
        float[] distances = new float[tops.length * lefts.length];
        for (int place = 0; place < distances.length; place++) {
            patch(image, place, patch, 0);
            distances[place] = banks.get(banks.size() == 1 ? 0 : place).distance(patch, 0);
        }
        return distances;
    }

    /** The mean of the largest distances. @param places how many of them; at least 1, more than there are means all */
    static double meanOfLargest(float[] distances, int places) {
        float[] sorted = distances.clone();
        Arrays.sort(sorted);
        int count = Math.min(places, sorted.length);
        double sum = 0;
        for (int i = sorted.length - count; i < sorted.length; i++) sum += sorted[i];
        return sum / count;
    }

    /** The distances as a map over the image's pixels: each pixel has the mean of the patches that cover it. */
    ErrorMap map(float[] distances) {
        float[] sums = new float[shape.pixels()];
        int[] covers = new int[sums.length];
        for (int place = 0; place < distances.length; place++) {
            int top = tops[place / lefts.length];
            int left = lefts[place % lefts.length];
            for (int row = top; row < top + side; row++) {
                for (int column = left; column < left + side; column++) {
                    sums[row * shape.columns() + column] += distances[place];
                    covers[row * shape.columns() + column]++;
                }
            }
        }
        for (int i = 0; i < sums.length; i++) sums[i] /= covers[i];
        return new ErrorMap(shape.rows(), shape.columns(), sums);
    }

    @Override
    public void save(Map<String, Tensor> tensors) {
        float[] settings = {shape.channels(), shape.rows(), shape.columns(), side};
        tensors.put(PREFIX + "shape", new Tensor(new int[] {settings.length}, settings));
        tensors.put(PREFIX + "tops", places(tops));
        tensors.put(PREFIX + "lefts", places(lefts));
        for (int i = 0; i < banks.size(); i++) banks.get(i).save(PREFIX + i + "/", tensors);
    }

    private static Tensor places(int[] starts) {
        float[] values = new float[starts.length];
        for (int i = 0; i < starts.length; i++) values[i] = starts[i];
        return new Tensor(new int[] {starts.length}, values);
    }

    /**
     * The bank of a saved state; empty where it has none.
     *
     * @throws EngineException when it is damaged
     */
    static Optional<PatchBank> load(NetworkState state) {
        if (!state.tensors().containsKey(PREFIX + "shape")) return Optional.empty();
        float[] settings = state.tensor(PREFIX + "shape").values();
        int[] tops = places(state, PREFIX + "tops");
        int[] lefts = places(state, PREFIX + "lefts");
        if (settings.length != 4 || (long) tops.length * lefts.length > 1 << 24) throw damaged();
        ImageShape shape = new ImageShape((int) settings[0], (int) settings[1], (int) settings[2]);
        int side = (int) settings[3];
        check(tops, side, shape.rows());
        check(lefts, side, shape.columns());
        boolean everywhere = !state.tensors().containsKey(PREFIX + "1/mean");
        List<MemoryBank> banks = new ArrayList<>();
        for (int i = 0; i < (everywhere ? 1 : tops.length * lefts.length); i++) {
            MemoryBank bank = MemoryBank.load(state, PREFIX + i + "/");
            if (bank.dimensions() != shape.channels() * side * side) throw damaged();
            banks.add(bank);
        }
        return Optional.of(new PatchBank(shape, side, tops, lefts, banks));
    }

    private static void check(int[] starts, int side, int length) {
        for (int start : starts) if (side < 1 || start < 0 || start > length - side) throw damaged();
    }

    private static EngineException damaged() {
        return new EngineException("the patch bank does not fit its own images; the state is damaged");
    }

    private static int[] places(NetworkState state, String name) {
        float[] values = state.tensor(name).values();
        int[] places = new int[values.length];
        for (int i = 0; i < places.length; i++) places[i] = (int) values[i];
        return places;
    }
}
