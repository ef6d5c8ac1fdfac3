package io.tidemark.role.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.DeadLetter;
import io.tidemark.kafka.client.LiveHeap;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import io.tidemark.series.sample.EventRanges;
import io.tidemark.series.sample.Sample;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.TrainingRows;
import io.tidemark.series.sample.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Random;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IngestTopologyTest {
    private static final TopicNames NAMES = new TopicNames("t.");
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final long NOON = Instant.parse("2024-06-01T12:00:00Z").toEpochMilli();
    private static final int CONTEXT = 4;

    private final Meters meters = new Meters(new SimpleMeterRegistry());
    private final List<TopologyTestDriver> drivers = new ArrayList<>();

    @TempDir
    Path folder;

    @AfterEach
    void closeDrivers() {
        drivers.forEach(TopologyTestDriver::close);
    }

    private StreamSpec stream(String... settings) throws IOException {
        return named("pumps", settings);
    }

    private StreamSpec named(String name, String... settings) throws IOException {
        Path file = folder.resolve(name + ".yaml");
        Files.writeString(
                file,
                "stream: " + name + "\ninput: {topic: in, series: [pump], time: at, features: [value, load]}\n"
                        + String.join("\n", settings));
        return StreamFile.read(file);
    }

    private static Topology topology(Meters meters, StreamSpec... streams) {
        return IngestTopology.build(NAMES, "in", List.of(streams), stream -> CONTEXT, 1, meters);
    }

    private TopologyTestDriver driver(StreamSpec... streams) {
        return driver(topology(meters, streams));
    }

    private TopologyTestDriver driver(Topology topology) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, NAMES.role("ingest-in"));
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(
                StreamsConfig.STATE_DIR_CONFIG,
                folder.resolve("state" + drivers.size()).toString());
        TopologyTestDriver driver = new TopologyTestDriver(topology, settings, Instant.ofEpochMilli(NOON));
        drivers.add(driver);
        return driver;
    }

    private static void pipe(TopologyTestDriver driver, @Nullable String key, byte @Nullable [] value) {
        TestInputTopic<byte[], byte[]> input =
                driver.createInputTopic("in", new ByteArraySerializer(), new ByteArraySerializer());
        input.pipeInput(new TestRecord<>(key == null ? null : key.getBytes(UTF_8), value, Instant.ofEpochMilli(NOON)));
    }

    private static void pipe(TopologyTestDriver driver, String json) {
        pipe(driver, null, json.replace('\'', '"').getBytes(UTF_8));
    }

    private static void event(TopologyTestDriver driver, String series, long atMs, double value) {
        pipe(driver, "{'pump':'" + series + "','at':" + atMs + ",'value':" + value + ",'load':1}");
    }

    private static List<TestRecord<byte[], byte[]>> records(TopologyTestDriver driver, String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    private static List<JsonNode> scores(TopologyTestDriver driver) throws IOException {
        List<JsonNode> trees = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : records(driver, NAMES.scores())) {
            trees.add(MAPPER.readTree(record.value()));
        }
        return trees;
    }

    private static List<Step> samples(TopologyTestDriver driver) {
        List<Step> steps = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : records(driver, NAMES.samples())) {
            Step step = new Step();
            new Sample().wrap(record.value(), step);
            assertThat(new String(record.key(), UTF_8)).isEqualTo(step.stream + "/" + step.series);
            steps.add(step);
        }
        return steps;
    }

    private static String header(TestRecord<?, ?> record, String name) {
        return new String(
                Objects.requireNonNull(record.headers().lastHeader(name)).value(), UTF_8);
    }

    @Test
    void theLongestWaitForAStepIsStepAndLatenessAndNoneWithoutAGrid() throws IOException {
        driver(named("fans", "step: 20s", "lateness: 1500ms"), named("pumps"));
        assertThat(meters.level(MeterName.STEP_WAIT, "fans").value()).isEqualTo(21.5);
        assertThat(meters.registry()
                        .get(MeterName.STEP_WAIT.id())
                        .tag("stream", "pumps")
                        .gauge()
                        .value())
                .isZero();
    }

    @Test
    void goodEventsBecomeSamplesThatNameTheirOffsets() throws IOException {
        TopologyTestDriver driver = driver(stream());
        for (int i = 0; i < 6; i++) event(driver, "p" + i % 2, NOON + i, i);

        List<Step> samples = samples(driver);
        assertThat(samples).extracting(s -> s.series).containsExactly("p0", "p1", "p0", "p1", "p0", "p1");
        assertThat(samples).extracting(s -> s.step).containsExactly(0L, 0L, 1L, 1L, 2L, 2L);
        assertThat(samples).extracting(s -> s.events.firstOffset(0)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        assertThat(samples).allMatch(s -> s.events.events() == 1 && s.producedMs == NOON && s.teaches);
        assertThat(scores(driver)).isEmpty();
        assertThat(meters.counter(MeterName.EVENTS, "pumps").count()).isEqualTo(6);
        assertThat(meters.level(MeterName.SERIES, "pumps").value()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'pump':'a','at':1717243200000,'value':1          | malformed",
                "{'pump':'a','at':1717243200000,'value':'high'}    | wrong-type",
                "{'pump':'a','value':1}                            | missing-field",
                "{'at':1717243200000,'value':1}                    | no-series",
                "{'pump':'a','at':'soon','value':1}                | time-unreadable",
                "{'pump':'a','at':'2100-01-01T00:00:00Z','value':1}| too-far-future",
                "{'pump':'a','at':1717243200000,'value':NaN}       | no-values",
                "{'pump':'a','at':1717243200000,'value':1e308}     | value-out-of-range",
            })
    void badEventHasOneRejectedStatusAndOneDeadLetterAndStopsNothing(String json, String reason) throws IOException {
        TopologyTestDriver driver = driver(stream());
        event(driver, "a", NOON - 10, 1);
        pipe(driver, json);
        event(driver, "a", NOON - 9, 2);

        assertThat(samples(driver)).extracting(s -> s.timeMs).containsExactly(NOON - 10, NOON - 9);
        JsonNode status = scores(driver).get(0);
        assertThat(status.get("status").textValue()).isEqualTo("rejected");
        assertThat(status.get("reason").textValue()).isEqualTo(reason);
        assertThat(status.get("events").get(0).get("offset").longValue()).isEqualTo(1);
        List<TestRecord<byte[], byte[]>> letters = records(driver, NAMES.deadLetters());
        assertThat(letters).hasSize(1);
        assertThat(new String(letters.get(0).value(), UTF_8)).isEqualTo(json.replace('\'', '"'));
        assertThat(header(letters.get(0), DeadLetter.REASON)).isEqualTo(reason);
        assertThat(header(letters.get(0), DeadLetter.TOPIC)).isEqualTo("in");
        assertThat(header(letters.get(0), DeadLetter.OFFSET)).isEqualTo("1");
        assertThat(meters.counter(MeterName.DEAD_LETTERS, "pumps", reason).count())
                .isEqualTo(1);
    }

    @Test
    void aValueOutsideItsValidRangeIsMissingAndHasACounterOfItsOwn() throws IOException {
        Path file = folder.resolve("range.yaml");
        Files.writeString(file, """
                stream: pumps
                input: {topic: in, time: at, series: [pump], valid-range: [0, none], features: [value, load]}
                """);
        TopologyTestDriver driver = driver(StreamFile.read(file));
        pipe(driver, "{'pump':'a','at':1717243200000,'value':-999,'load':3}");
        pipe(driver, "{'pump':'a','at':1717243201000,'value':'high','load':3}");
        pipe(driver, "{'pump':'a','at':1717243202000,'value':-999,'load':-999}");

        assertThat(samples(driver)).hasSize(2);
        assertThat(meters.counter(MeterName.OUTSIDE_VALUES, "pumps").count()).isEqualTo(1);
        assertThat(meters.counter(MeterName.BAD_VALUES, "pumps").count()).isEqualTo(1);
        assertThat(meters.counter(MeterName.DEAD_LETTERS, "pumps", "outside-valid-range")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void eachElementOfABatchIsAnEventAndOtherKindsAreCountedWithoutALetter() throws IOException {
        Path file = folder.resolve("batch.yaml");
        Files.writeString(file, """
                stream: pumps
                input:
                  topic: in
                  time: at
                  series: [pump]
                  features: [value, load]
                  records: metrics
                  where: {kind: pump}
                """);
        TopologyTestDriver driver = driver(StreamFile.read(file));
        String pump = "{'pump':'%s','kind':'pump','at':%d,'value':%s}";
        pipe(
                driver,
                "{'metrics':[" + pump.formatted("a", NOON, "1") + ",{'kind':'tank'}," + pump.formatted("b", NOON, "2")
                        + "," + pump.formatted("c", NOON, "'Bad'") + "]}");

        assertThat(samples(driver)).extracting(s -> s.series).containsExactlyInAnyOrder("a", "b");
        assertThat(records(driver, NAMES.deadLetters())).hasSize(1).allSatisfy(letter -> {
            assertThat(header(letter, DeadLetter.DETAIL)).contains("field value is \"Bad\"");
        });
        assertThat(meters.counter(MeterName.OTHER_KIND, "pumps").count()).isEqualTo(1);
        assertThat(meters.counter(MeterName.EVENTS, "pumps").count()).isEqualTo(3);
    }

    @Test
    void tombstoneNullKeyAndRecordOfTenMegabytesAreRejected() throws IOException {
        Path file = folder.resolve("keyed.yaml");
        Files.writeString(file, "stream: pumps\ninput: {topic: in, time: at, features: [value, load]}");
        TopologyTestDriver driver = driver(StreamFile.read(file));
        byte[] good = ("{\"at\":" + NOON + ",\"value\":1}").getBytes(UTF_8);
        pipe(driver, "a", null);
        pipe(driver, null, good);
        byte[] huge = new byte[10 << 20];
        Arrays.fill(huge, (byte) 'x');
        pipe(driver, "a", huge);
        pipe(driver, "a", good);

        assertThat(scores(driver))
                .extracting(score -> score.get("reason").textValue())
                .containsExactly("tombstone", "no-series", "too-large");
        List<TestRecord<byte[], byte[]>> letters = records(driver, NAMES.deadLetters());
        assertThat(letters.get(0).value()).isNull();
        assertThat(letters.get(2).value()).hasSize(DeadLetter.VALUE_BYTES_MAX);
        assertThat(header(letters.get(2), DeadLetter.LENGTH)).isEqualTo("10485760");
        assertThat(header(letters.get(2), DeadLetter.SHA256)).hasSize(64);
        assertThat(samples(driver)).extracting(s -> s.series).containsExactly("a");
    }

    @Test
    void lateAndDuplicateEventsHaveAStatusAndOutOfOrderOnesJoin() throws IOException {
        TopologyTestDriver driver = driver(stream("step: 10s", "lateness: 10s"));
        event(driver, "a", NOON - 60_000, 1);
        event(driver, "a", NOON - 50_000, 2);
        event(driver, "a", NOON - 55_000, 3);
        event(driver, "a", NOON - 55_000, 3);
        event(driver, "a", NOON - 30_000, 5);
        event(driver, "a", NOON - 55_000, 6);

        assertThat(scores(driver))
                .extracting(
                        s -> s.get("status").textValue(),
                        s -> s.get("events").get(0).get("offset").longValue())
                .containsExactly(tuple("duplicate", 3L), tuple("late", 5L));
        List<Step> samples = samples(driver);
        assertThat(samples).hasSize(2);
        assertThat(samples.get(0).values()[0]).isEqualTo(3);
        assertThat(samples.get(0).events.events()).isEqualTo(2);
        assertThat(records(driver, NAMES.deadLetters())).isEmpty();
    }

    @Test
    void seriesOfOtherYearsDoNotMakeEachOtherLate() throws IOException {
        TopologyTestDriver driver = driver(stream("step: 10s", "max-future: 36500d"));
        String[] starts = {
            "2014-07-01T00:00:00Z", "1990-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "2011-01-01T00:00:00Z"
        };
        for (int file = 0; file < starts.length; file++) {
            long start = Instant.parse(starts[file]).toEpochMilli();
            for (int row = 0; row < 5; row++) event(driver, "file-" + file, start + row * 10_000, row);
        }
        assertThat(scores(driver)).isEmpty();
        assertThat(samples(driver)).hasSize(16);
    }

    @Test
    void seriesBeyondTheLimitAreRejectedAndKnownOnesGoOn() throws IOException {
        TopologyTestDriver driver = driver(stream("limits: {series: 2}", "learning: {series: 1}"));
        for (int i = 0; i < 4; i++) event(driver, "p" + i, NOON, i);
        event(driver, "p0", NOON + 1, 5);

        assertThat(scores(driver))
                .extracting(s -> s.get("reason").textValue())
                .containsExactly("series-limit", "series-limit");
        assertThat(records(driver, NAMES.deadLetters())).hasSize(2);
        List<Step> samples = samples(driver);
        assertThat(samples).extracting(s -> s.series).containsExactly("p0", "p1", "p0");
        assertThat(samples).extracting(s -> s.teaches).containsExactly(true, false, true);
    }

    @Test
    void everyEventHasExactlyOneOutcomeForEachStreamThatWatchesTheTopic() throws IOException {
        TopologyTestDriver driver = driver(
                stream("step: 10s", "lateness: 20s", "idle-close: 1m"),
                named("each", "step: event", "limits: {series: 3}"));
        Random random = new Random(3);
        int events = 2000;
        for (int i = 0; i < events; i++) {
            long at = NOON - 10_000_000 + i * 2000L - random.nextInt(4) * 15_000L;
            String series = "p" + random.nextInt(5);
            if (random.nextInt(10) == 0) pipe(driver, "{'pump':'" + series + "','at':" + at + ",'value':true}");
            else event(driver, series, at, random.nextGaussian());
        }
        driver.advanceWallClockTime(Duration.ofMinutes(2));
        driver.advanceWallClockTime(Duration.ofMinutes(2));

        Map<String, Integer> outcomes = new HashMap<>();
        for (Step step : samples(driver)) {
            EventRanges ranges = step.events;
            for (int r = 0; r < ranges.size(); r++) {
                for (int i = 0; i < ranges.count(r); i++) {
                    outcomes.merge(step.stream + "@" + (ranges.firstOffset(r) + i), 1, Integer::sum);
                }
            }
        }
        for (JsonNode score : scores(driver)) {
            String offset = score.get("events").get(0).get("offset").asText();
            outcomes.merge(score.get("stream").textValue() + "@" + offset, 1, Integer::sum);
        }
        assertThat(outcomes).hasSize(2 * events);
        assertThat(outcomes.values()).allMatch(count -> count == 1);
    }

    @Test
    void silentSeriesClosesByATickThatIsWrittenAndReadBack() throws IOException {
        TopologyTestDriver driver = driver(stream("step: 10s", "idle-close: 1m"));
        event(driver, "a", NOON - 5, 1);
        driver.advanceWallClockTime(Duration.ofSeconds(50));
        assertThat(samples(driver)).isEmpty();
        driver.advanceWallClockTime(Duration.ofSeconds(20));

        assertThat(records(driver, NAMES.ticks())).hasSize(1);
        List<Step> samples = samples(driver);
        assertThat(samples).hasSize(1);
        assertThat(samples.get(0).idleClosed).isTrue();
        driver.advanceWallClockTime(Duration.ofMinutes(10));
        assertThat(records(driver, NAMES.ticks())).isEmpty();
    }

    @Test
    void trainingRowsComeInChunksUnderTheSeriesKey() throws IOException {
        TopologyTestDriver driver = driver(stream("learning: {chunk: 4}"));
        for (int i = 0; i < 9; i++) event(driver, "a", NOON + i, i);

        List<TestRecord<byte[], byte[]>> records = records(driver, NAMES.training());
        assertThat(records).hasSize(2);
        TrainingRows rows = new TrainingRows().decode(records.get(1).value());
        assertThat(rows.rows()).isEqualTo(4);
        assertThat(rows.step(0)).isEqualTo(4);
        assertThat(rows.value(3, 0)).isEqualTo(7);
    }

    @Test
    void taskThatMovesInMidStreamMakesTheSameRecords() throws IOException {
        StreamSpec spec = stream("step: 10s", "lateness: 20s", "learning: {chunk: 3}", "idle-close: 1h");
        TopologyTestDriver whole = driver(spec);
        TopologyTestDriver first = driver(spec);
        TopologyTestDriver second = driver(spec);
        for (int i = 0; i < 80; i++) {
            long at = NOON - 1_000_000 + i * 3000L - i % 3 * 8000L;
            event(whole, "p" + i % 2, at, i * i % 17);
            if (i < 40) event(first, "p" + i % 2, at, i * i % 17);
            if (i == 39) move(first, second);
            if (i >= 40) event(second, "p" + i % 2, at, i * i % 17);
        }
        for (String topic : List.of(NAMES.samples(), NAMES.training())) {
            List<byte[]> expected = withoutOffsets(whole, topic);
            List<byte[]> moved = withoutOffsets(first, topic);
            moved.addAll(withoutOffsets(second, topic));
            assertThat(moved)
                    .hasSizeGreaterThan(5)
                    .usingElementComparator(Arrays::compare)
                    .containsExactlyElementsOf(expected);
        }
    }

    /** Silence closes what is not on the heap either. */
    @Test
    void aSeriesThatLeftTheHeapGoesOnAsIfItHadStayed() throws IOException {
        StreamSpec spec = stream("step: 10s", "idle-close: 1m");
        List<List<TestRecord<byte[], byte[]>>> written = new ArrayList<>();
        for (long room : new long[] {Long.MAX_VALUE, 0}) {
            TopologyTestDriver driver = driver(
                    IngestTopology.build(NAMES, "in", List.of(spec), stream -> CONTEXT, 1, meters, new LiveHeap(room)));
            for (int i = 0; i < 200; i++) {
                for (String series : List.of("a", "b", "b/2", "b/"))
                    event(driver, series, NOON - 4_000_000 + i * 4_000L, i % 7);
            }
            driver.advanceWallClockTime(Duration.ofMinutes(2));
            List<TestRecord<byte[], byte[]>> all = new ArrayList<>();
            for (String topic : List.of(NAMES.samples(), NAMES.training(), NAMES.scores(), NAMES.ticks())) {
                all.addAll(records(driver, topic));
            }
            written.add(all);
        }
        assertThat(written.get(0)).as("of four series").hasSizeGreaterThan(4 * 80);
        assertThat(written.get(1)).hasSameSizeAs(written.get(0));
        for (int i = 0; i < written.get(0).size(); i++) {
            assertThat(written.get(1).get(i).value())
                    .isEqualTo(written.get(0).get(i).value());
        }
    }

    @Test
    void eventsInOpenStepsOfAnEarlierStepAreRejectedOnce() throws IOException {
        TopologyTestDriver before = driver(stream("step: 10s"));
        event(before, "a", NOON - 15_000, 1);
        event(before, "a", NOON - 4_000, 2);
        event(before, "a", NOON - 2_000, 3);
        assertThat(samples(before)).as("closed steps").hasSize(1);

        MockProcessorContext<byte[], byte[]> context = new MockProcessorContext<>();
        context.setCurrentSystemTimeMs(NOON);
        PipelineStore store = new PipelineStore(
                Stores.inMemoryKeyValueStore(IngestTopology.STORE).get(), LiveHeap.ofProcess());
        store.init(context.getStateStoreContext(), store);
        copy((PipelineStore) before.getStateStore(IngestTopology.STORE), store);
        SeriesProcessor after =
                new SeriesProcessor("in", NAMES.ticks(), List.of(stream("step: 20s")), spec -> CONTEXT, 1, meters);
        context.addStateStore(store);
        after.init(context);
        for (int times = 0; times < 2; times++) {
            context.scheduledPunctuators().get(0).getPunctuator().punctuate(NOON);
        }

        List<String> rejected = new ArrayList<>();
        for (var forwarded : context.forwarded(IngestTopology.SCORES)) {
            JsonNode score = MAPPER.readTree(forwarded.record().value());
            rejected.add(score.get("reason").asText() + " " + score.at("/events/0/offset"));
        }
        assertThat(rejected).containsExactly("stream-changed 1", "stream-changed 2");
        assertThat(context.forwarded(IngestTopology.DEAD_LETTERS)).hasSize(2);
        assertThat(store.wrapped().all().hasNext())
                .as("state of the earlier step")
                .isFalse();
    }

    private static void copy(PipelineStore from, PipelineStore to) {
        try (KeyValueIterator<Bytes, byte[]> slots = from.wrapped().all()) {
            slots.forEachRemaining(slot -> to.wrapped().put(slot.key, slot.value));
        }
    }

    /** Copies the store as its changelog would, into a driver that starts from it. */
    private static void move(TopologyTestDriver from, TopologyTestDriver to) {
        copy((PipelineStore) from.getStateStore(IngestTopology.STORE), (PipelineStore)
                to.getStateStore(IngestTopology.STORE));
    }

    /** Offsets begin anew in each driver, so they are left out of the comparison. */
    private static List<byte[]> withoutOffsets(TopologyTestDriver driver, String topic) {
        List<byte[]> records = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : records(driver, topic)) {
            if (topic.equals(NAMES.training())) {
                records.add(record.value());
                continue;
            }
            Step step = new Step();
            Sample sample = new Sample().wrap(record.value(), step);
            float[] rows = new float[sample.rows() * sample.features()];
            sample.copyRows(sample.rows(), 0, rows, 0);
            step.events.clear();
            records.add(Sample.encode(Wire.writer(64), step, rows, sample.rows()));
        }
        return records;
    }

    @Test
    void describedTopologiesAreTheOnesInTheRepository() throws IOException {
        StreamSpec byKey = stream("step: 10s", "idle-close: 1m");
        Path file = folder.resolve("keyed.yaml");
        Files.writeString(file, "stream: pumps\ninput: {topic: in, keyed: true, features: [value]}");
        golden("ingest.txt", topology(meters, byKey));
        golden("ingest-keyed.txt", topology(meters, StreamFile.read(file)));
    }

    private static void golden(String name, Topology topology) throws IOException {
        Path golden = Path.of("topology", "described", name);
        String described = topology.describe().toString();
        if (Boolean.getBoolean("golden.update")) Files.writeString(golden, described);
        assertThat(described).isEqualTo(Files.readString(golden));
    }
}
