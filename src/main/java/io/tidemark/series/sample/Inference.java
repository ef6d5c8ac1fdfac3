package io.tidemark.series.sample;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What every champion said of one sample, and the challengers that were asked, as a record of {@code inferences} holds it.
 *
 * <pre>
 * u8 version = 1, or 2 with a probe | u8 kind | i32 length of the step | step | string failure (empty: none) | u8 members | members …
 * member: string network | i32 model version | string engine | u8 status, 128 more for a challenger, 64 more with a probe;
 *         and when the status is SCORED:
 *         F x f32 error | F x f32 expected | with a probe f32 probe | u8 bands; with bands F x f32 lower | F x f32 upper
 *         u16 horizon H | with H above 0: u8 quantiles Q | Q x f32 levels | H x F x Q x f32
 * </pre>
 *
 * For frames kind is 2: after the failure stands the frame's {@link Frame.Source}, and after each SCORED member
 * {@code u8 regions | each: i32 left | i32 top | i32 width | i32 height | f32 share}.
 *
 * Challengers stand after all champions. Nothing is decided by what they say.
 *
 * <p>Errors, expected values, bands and forecasts are in scaled units; the step's location and scale bring them back.
 */
public final class Inference {
    /** What is written where no member has a probe, so that readers from before there were probes go on. */
    public static final int VERSION = 1;
    /** What is written where one has. */
    public static final int VERSION_WITH_PROBES = 2;

    private static final int CHALLENGER = 128;
    private static final int PROBE = 64;

    /** How one network fared on one sample. */
    public enum Status {
        SCORED,
        /** No model of this network has been published for the stream yet. */
        NO_MODEL,
        /** The series has fewer rows than the network reads. */
        SHORT_WINDOW,
        /** The window spans a gap that is too long to fill. */
        UNUSABLE_WINDOW,
        /** The network's output was not finite, or the model is suspended. */
        FAILED
    }

    /** One network's result. Mutable and reused; arrays hold at least the step's features. */
    public static final class Member {
        public String network = "";
        /** Version of the model; 0 when there is none. */
        public int version;
        /** The engine's short name, such as {@code dl4j/cpu}. */
        public String engine = "";

        public Status status = Status.NO_MODEL;
        /** |expected - actual| of the last row, in scaled units, at least 0. */
        public float[] error = new float[0];

        public float[] expected = new float[0];
        /** Mean error over the features on a copy of the sample with a small anomaly in it; NaN where there is none. */
        public float probe = Float.NaN;
        /** Whether lower and upper are there: forecasters have them, autoencoders do not. */
        public boolean bands;

        public float[] lower = new float[0];
        public float[] upper = new float[0];
        /** Steps forecast; 0 when none is due. */
        public int horizon;

        public float[] levels = new float[0];
        /** {@code [horizon, feature, quantile]}. */
        public float[] forecast = new float[0];
        /** Where a frame differs, largest share first; at most {@link FrameRegion#COUNT_MAX}; empty for rows. */
        public List<FrameRegion> regions = List.of();

        void features(int features) {
            if (error.length < features) {
                error = new float[features];
                expected = new float[features];
                lower = new float[features];
                upper = new float[features];
            }
        }
    }

    public final Step step = new Step();
    /** Why no network could judge this sample, such as a poisoned record; empty when one could try. */
    public String failure = "";
    /** The frame that was judged; null for rows. */
    public Frame.@Nullable Source source;

    private final List<Member> pool = new ArrayList<>();
    private int members;
    private final List<Member> challengerPool = new ArrayList<>();
    private int challengers;

    public void clear() {
        failure = "";
        source = null;
        members = 0;
        challengers = 0;
    }

    public int members() {
        return members;
    }

    public Member member(int index) {
        if (index >= members) throw new IndexOutOfBoundsException(index);
        return pool.get(index);
    }

    /** Forgets every member but one champion, as if it had been alone. */
    public void keepOnly(int index) {
        Member kept = member(index);
        kept.probe = Float.NaN;
        pool.set(index, pool.get(0));
        pool.set(0, kept);
        members = 1;
        challengers = 0;
    }

    /** Adds a champion's member to fill in, with room for the features. */
    public Member add(int features) {
        return fresh(pool, members++, features);
    }

    /** Challengers that were asked. */
    public int challengers() {
        return challengers;
    }

    public Member challenger(int index) {
        if (index >= challengers) throw new IndexOutOfBoundsException(index);
        return challengerPool.get(index);
    }

    /** Adds a challenger's member to fill in, with room for the features. */
    public Member addChallenger(int features) {
        return fresh(challengerPool, challengers++, features);
    }

    private static Member fresh(List<Member> from, int index, int features) {
        if (index == from.size()) from.add(new Member());
        Member member = from.get(index);
        member.features(features);
        member.probe = Float.NaN;
        member.bands = false;
        member.horizon = 0;
        member.regions = List.of();
        return member;
    }

    /** Writes the members after a sample's own step bytes. */
    public byte[] encode(Wire wire, Sample sample) {
        Frame frame = sample.frame();
        wire.clear().u8(hasProbe() ? VERSION_WITH_PROBES : VERSION).u8(frame == null ? Sample.WINDOW : Sample.FRAME);
        sample.copyStep(wire);
        wire.string(failure);
        if (frame != null) frame.source().write(wire);
        wire.u8(members + challengers);
        for (int i = 0; i < members + challengers; i++) {
            Member member = i < members ? pool.get(i) : challengerPool.get(i - members);
            write(wire, member, i < members ? 0 : CHALLENGER, sample.features());
            if (frame != null) writeRegions(wire, member);
        }
        return wire.toBytes();
    }

    private boolean hasProbe() {
        for (int i = 0; i < members; i++) if (isProbed(pool.get(i))) return true;
        return false;
    }

    private static boolean isProbed(Member m) {
        return m.status == Status.SCORED && !Float.isNaN(m.probe);
    }

    private static void write(Wire wire, Member m, int role, int features) {
        boolean probed = isProbed(m);
        wire.string(m.network).i32(m.version).string(m.engine).u8(m.status.ordinal() | role | (probed ? PROBE : 0));
        if (m.status != Status.SCORED) return;
        wire.floats(m.error, 0, features).floats(m.expected, 0, features);
        if (probed) wire.f32(m.probe);
        wire.u8(m.bands ? 1 : 0);
        if (m.bands) wire.floats(m.lower, 0, features).floats(m.upper, 0, features);
        wire.u16(m.horizon);
        if (m.horizon > 0) {
            wire.u8(m.levels.length).floats(m.levels, 0, m.levels.length);
            wire.floats(m.forecast, 0, m.horizon * features * m.levels.length);
        }
    }

    private static void writeRegions(Wire wire, Member m) {
        if (m.status != Status.SCORED) return;
        wire.u8(m.regions.size());
        for (FrameRegion region : m.regions) region.write(wire);
    }

    private static void readRegions(Wire wire, Member m) {
        if (m.status != Status.SCORED) return;
        int count = wire.u8();
        if (count > FrameRegion.COUNT_MAX) {
            throw new MalformedRecordException("a member of " + count + " regions is over " + FrameRegion.COUNT_MAX);
        }
        List<FrameRegion> regions = new ArrayList<>();
        for (int i = 0; i < count; i++) regions.add(FrameRegion.read(wire));
        m.regions = List.copyOf(regions);
    }

    /** @throws MalformedRecordException when the record is cut or of another version */
    public Inference decode(byte[] record) {
        clear();
        Wire wire = Wire.reader(record);
        int version = wire.u8();
        int kind = wire.u8();
        if (version < VERSION || version > VERSION_WITH_PROBES || (kind != Sample.WINDOW && kind != Sample.FRAME)) {
            throw MalformedRecordException.unknownVersion("an inference", version);
        }
        int stepLength = wire.i32();
        int stepAt = wire.position();
        step.read(wire);
        if (wire.position() - stepAt != stepLength) {
            throw new MalformedRecordException(
                    "an inference's step is " + (wire.position() - stepAt) + " bytes, not " + stepLength);
        }
        failure = wire.string();
        if (kind == Sample.FRAME) source = Frame.Source.read(wire);
        int count = wire.u8();
        for (int i = 0; i < count; i++) {
            Member member = read(wire, step.features());
            if (kind == Sample.FRAME) readRegions(wire, member);
        }
        wire.end();
        return this;
    }

    private Member read(Wire wire, int features) {
        String network = wire.string();
        int modelVersion = wire.i32();
        String engine = wire.string();
        int status = wire.u8();
        Member m = (status & CHALLENGER) == 0 ? add(features) : addChallenger(features);
        m.network = network;
        m.version = modelVersion;
        m.engine = engine;
        readResult(wire, m, status & ~(CHALLENGER | PROBE), (status & PROBE) != 0, features);
        return m;
    }

    private static void readResult(Wire wire, Member m, int status, boolean probed, int features) {
        if (status >= Status.values().length)
            throw new MalformedRecordException("member status " + status + " is unknown");
        m.status = Status.values()[status];
        if (m.status != Status.SCORED) return;
        wire.readFloats(m.error, 0, features);
        wire.readFloats(m.expected, 0, features);
        for (int i = 0; i < features; i++) {
            boolean good = m.error[i] >= 0 && m.error[i] < Float.POSITIVE_INFINITY && Float.isFinite(m.expected[i]);
            if (!good) {
                throw new MalformedRecordException("a scored member has the error " + m.error[i] + " of an expected "
                        + m.expected[i] + " in feature " + i);
            }
        }
        if (probed) m.probe = wire.f32();
        m.bands = wire.u8() == 1;
        if (m.bands) {
            wire.readFloats(m.lower, 0, features);
            wire.readFloats(m.upper, 0, features);
        }
        m.horizon = wire.u16();
        if (m.horizon == 0) return;
        int levels = wire.u8();
        if (m.levels.length != levels) m.levels = new float[levels];
        wire.readFloats(m.levels, 0, levels);
        long values = (long) m.horizon * features * levels;
        if (values * 4 > wire.remaining())
            throw new MalformedRecordException("a forecast of " + values + " values is cut");
        int size = (int) values;
        if (m.forecast.length < size) m.forecast = new float[size];
        wire.readFloats(m.forecast, 0, size);
    }
}
