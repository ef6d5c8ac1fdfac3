package io.tidemark.series.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.Poison;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A binary record is read whole or refused in one way, whatever its bytes are. */
class RecordFuzzTest {
    /** A kind of record: a good one, and its reader. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Kind(byte[] good, Consumer<byte[]> reader) {}

    private static final Map<String, Kind> KINDS = kinds();

    private static Map<String, Kind> kinds() {
        Wire wire = Wire.writer(64);
        Frame frame = new Frame(1, 2, 3, new byte[6], new Frame.Source(3, 2, 0, 0, 3, 2, "id"));
        byte[] window = Sample.encode(wire, step(2), new float[] {1, 2, 3, 4}, 2);
        TrainingRows rows = new TrainingRows();
        rows.begin("a", "b", 1, 2);
        rows.add(step(2));
        rows.add(step(2));
        Map<String, Kind> kinds = new LinkedHashMap<>();
        kinds.put("window", new Kind(window, bytes -> new Sample().wrap(bytes, new Step())));
        kinds.put("frame", new Kind(Sample.encode(wire, step(1), frame), b -> new Sample().wrap(b, new Step())));
        kinds.put("inference", new Kind(inference(window), b -> new Inference().decode(b)));
        kinds.put("gate", new Kind(new Gate("a", "b", 1, 5, 9, false, "alert-open").encode(wire), Gate::decode));
        kinds.put("label", new Kind(new Label("a", "b", 5, 9, true).encode(wire), Label::decode));
        kinds.put("rows", new Kind(rows.encode(wire), bytes -> new TrainingRows().decode(bytes)));
        byte[] taught = new TrainingFrame("a", "b", 1, 2, 3, frame).encode(wire);
        kinds.put("taught-frame", new Kind(taught, bytes -> new TrainingRows().decode(bytes)));
        return kinds;
    }

    private static byte[] inference(byte[] window) {
        Inference inference = new Inference();
        Inference.Member member = inference.add(2);
        member.network = "ae";
        member.version = 3;
        member.status = Inference.Status.SCORED;
        member.horizon = 2;
        member.levels = new float[] {0.1f, 0.9f};
        member.forecast = new float[8];
        inference.add(2).status = Inference.Status.NO_MODEL;
        return inference.encode(Wire.writer(64), new Sample().wrap(window, new Step()));
    }

    private static Step step(int features) {
        Step step = new Step();
        step.stream = "a";
        step.series = "b";
        step.timeMs = 1_700_000_000_000L;
        step.features(features);
        for (int i = 0; i < features; i++) {
            step.values()[i] = i;
            step.location()[i] = i;
            step.scale()[i] = 1;
        }
        step.events.add(1, 7);
        return step;
    }

    static Stream<String> names() {
        return KINDS.keySet().stream();
    }

    private static Kind kind(String name) {
        return Objects.requireNonNull(KINDS.get(name));
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyKindOfPoisonIsMalformed(String name) {
        Kind kind = kind(name);
        kind.reader.accept(kind.good);
        for (Map.Entry<String, byte @Nullable []> poison :
                Poison.kinds(kind.good).entrySet()) {
            byte[] bytes = poison.getValue();
            if (bytes == null) continue;
            assertThatThrownBy(() -> kind.reader.accept(bytes))
                    .as(poison.getKey())
                    .isInstanceOf(MalformedRecordException.class);
        }
    }

    @Test
    void aStepNamesNoMoreEventsThanOneMayHold() {
        for (int[] counts : new int[][] {{0}, {-1}, {Integer.MAX_VALUE}, {EventRanges.EVENTS_MAX, 1}}) {
            Wire wire = Wire.writer(64).u8(counts.length);
            for (int i = 0; i < counts.length; i++) wire.i32(0).i64(10L * i).i32(counts[i]);
            byte[] bytes = wire.toBytes();
            assertThatThrownBy(() -> new EventRanges().read(Wire.reader(bytes)))
                    .isInstanceOf(MalformedRecordException.class)
                    .hasMessageContaining("10000000 events");
        }
        byte[] before = Wire.writer(64).u8(1).i32(-1).i64(-5).i32(1).toBytes();
        assertThatThrownBy(() -> new EventRanges().read(Wire.reader(before)))
                .isInstanceOf(MalformedRecordException.class);
    }

    @ParameterizedTest
    @MethodSource("names")
    void aMutatedRecordIsReadOrMalformed(String name) {
        Kind kind = kind(name);
        Random random = new Random(name.hashCode());
        int malformed = 0;
        for (int i = 0; i < 20_000; i++) {
            try {
                kind.reader.accept(Poison.mutated(kind.good, random));
            } catch (MalformedRecordException e) {
                malformed++;
            }
        }
        assertThat(malformed).isBetween(5_000, 19_999);
    }
}
