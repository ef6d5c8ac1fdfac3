package io.tidemark.series.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.config.StreamSpec;
import io.tidemark.series.sample.FrozenState;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A series' state as an earlier build stored it goes on as that build did. */
class StoredPipelineTest {
    private static final long NOON = 1_704_110_400L;

    /** On a grid, with a derived feature, so that every part of the state has something to say. */
    private final StreamSpec grid = SeriesRecorder.parse("""
            stream: s
            input: {topic: t, series: [host], features: [x, {name: y, derive: rate}]}
            step: 10s
            lateness: 20s
            """);

    @Test
    void aStoredSeriesOnAGridGoesOnAsItDid() {
        readsBack("series-pipeline-3-grid", grid);
    }

    @Test
    void aStoredSeriesOfEventsGoesOnAsItDid() {
        readsBack("series-pipeline-3-event", SeriesRecorder.stream("step: event"));
    }

    @Test
    void aStateOfVersion1GoesOnAsOneOfToday() {
        goesOnAsToday("series-pipeline-1-event", SeriesRecorder.stream("step: event"));
        goesOnAsToday("series-pipeline-1-grid", SeriesRecorder.parse("""
                stream: s
                input: {topic: t, series: [host], features: [x, y]}
                step: 10s
                lateness: 20s
                """));
    }

    private static void goesOnAsToday(String name, StreamSpec stream) {
        SeriesRecorder today = new SeriesRecorder(stream, 4);
        SeriesRecorder older = new SeriesRecorder(stream, 4);
        for (int i = 0; i < 20; i++) {
            feed(today, i);
            feed(older, i);
        }
        older.stored.clear();
        older.stored.putAll(FrozenState.read(name, Map.of()).numbered("slot."));
        byte[] head = head(older);
        // the generation is a hash of the settings, of which there were fewer
        System.arraycopy(head(today), 1, head, 1, Integer.BYTES);
        assertThat(head[0]).isEqualTo((byte) StoredHead.VERSION_1);
        today.restart();
        older.restart();
        goOn(today);
        goOn(older);
        assertThat(hex(older.sampleBytes)).hasSizeGreaterThan(20).isEqualTo(hex(today.sampleBytes));
        assertThat(head(older)[0]).isEqualTo((byte) StoredHead.VERSION);
        older.restart();
    }

    private static byte[] head(SeriesRecorder series) {
        return Objects.requireNonNull(series.stored.get(SeriesPipeline.HEAD_SLOT));
    }

    private static List<String> hex(List<byte[]> records) {
        return records.stream().map(HexFormat.of()::formatHex).toList();
    }

    private void readsBack(String name, StreamSpec stream) {
        FrozenState frozen = FrozenState.read(name, present(stream));
        SeriesRecorder series = new SeriesRecorder(stream, 4);
        series.stored.putAll(frozen.numbered("slot."));
        series.restart();
        goOn(series);
        frozen.assertGives(said(series));
        assertThat(series.samples).hasSizeGreaterThan(10);
    }

    @Test
    void aStateOfAnUnknownVersionSaysWhatToDo() {
        FrozenState frozen = FrozenState.read("series-pipeline-3-grid", present(grid));
        SeriesRecorder series = new SeriesRecorder(grid, 4);
        series.stored.putAll(frozen.numbered("slot."));
        series.stored.put(SeriesPipeline.HEAD_SLOT, frozen.ofVersion("slot.0", 9));
        assertThatThrownBy(series::restart).hasMessageContaining("version 9").hasMessageContaining(FrozenState.REMEDY);
    }

    private static Map<String, byte[]> present(StreamSpec stream) {
        SeriesRecorder series = new SeriesRecorder(stream, 4);
        for (int i = 0; i < 20; i++) feed(series, i);
        series.wide(NOON + 400_000_000, 7, 7); // far ahead, alone: it waits
        Map<String, byte[]> parts = new TreeMap<>();
        series.stored.forEach((slot, bytes) -> parts.put("slot." + slot, bytes));
        return parts;
    }

    private static void goOn(SeriesRecorder series) {
        for (int i = 20; i < 40; i++) feed(series, i);
        series.end();
    }

    private static void feed(SeriesRecorder series, int i) {
        if (i % 7 == 5) return;
        series.wide(NOON + 10 * i - (i % 4 == 3 ? 12 : 0), Math.floorMod(i * 37, 11), i == 30 ? 0 : 5 * i);
    }

    /** What the series said since it was restored, and its slots at the end. */
    private static Map<String, byte[]> said(SeriesRecorder series) {
        Map<String, byte[]> parts = new TreeMap<>();
        for (int i = 0; i < series.sampleBytes.size(); i++) parts.put("sample." + i, series.sampleBytes.get(i));
        for (int i = 0; i < series.trainingBytes.size(); i++) parts.put("training." + i, series.trainingBytes.get(i));
        series.stored.forEach((slot, bytes) -> parts.put("slot." + slot, bytes));
        return parts;
    }
}
