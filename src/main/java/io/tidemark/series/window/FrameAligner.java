package io.tidemark.series.window;

import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.sample.Frame;
import io.tidemark.series.sample.Wire;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Frames of one series: each is the next step, and closes at once.
 *
 * <p>A frame that is older than the newest is late. Frames may share a time, as cameras stamp by the second and producers by the
 * millisecond: one is a duplicate only when it has the id of another of the last {@value #IDS_MAX} at that time, or the same pixels where
 * it has no id.
 */
final class FrameAligner extends SingleEventAligner {
    private static final int IDS_MAX = 64;
    private static final long FNV_START = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final long[] idsAtNewest = new long[IDS_MAX];
    private int ids;
    private double brightness;

    @Override
    public Admission accept(DecodedEvent event) {
        if (event.timeMs < newestMs()) return Admission.LATE;
        if (event.timeMs > newestMs()) ids = 0;
        long id = id(event.frame);
        for (int i = 0; i < Math.min(ids, IDS_MAX); i++) if (idsAtNewest[i] == id) return Admission.DUPLICATE;
        idsAtNewest[ids % IDS_MAX] = id;
        ids = ids == 2 * IDS_MAX - 1 ? IDS_MAX : ids + 1;
        brightness = event.values()[0];
        return join(event);
    }

    /** FNV-1a of 64 bits, over the id or the pixels. */
    private static long id(@Nullable Frame frame) {
        if (frame == null) throw new IllegalArgumentException("an event of an image stream has no frame");
        String id = frame.source().id();
        long hash = FNV_START;
        if (id.isEmpty()) {
            for (byte pixel : frame.pixels()) hash = (hash ^ (pixel & 0xFF)) * FNV_PRIME;
        } else {
            for (int i = 0; i < id.length(); i++) hash = (hash ^ id.charAt(i)) * FNV_PRIME;
        }
        return hash;
    }

    @Override
    void copyValues(double[] into) {
        into[0] = brightness;
    }

    @Override
    public void write(Wire wire) {
        int kept = Math.min(ids, IDS_MAX);
        super.write(wire);
        wire.u8(ids);
        for (int i = 0; i < kept; i++) wire.i64(idsAtNewest[i]);
    }

    @Override
    public void read(Wire wire, int version, Slots slots) {
        super.read(wire, version, slots);
        ids = wire.u8();
        Arrays.fill(idsAtNewest, 0);
        for (int i = 0; i < Math.min(ids, IDS_MAX); i++) idsAtNewest[i] = wire.i64();
    }
}
