package io.tidemark;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.learn.learning.CheckpointedSeries;
import io.tidemark.model.registry.CheckpointStore;
import io.tidemark.series.sample.TrainingRows;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three hundred pods of one stream come and go in three waves of twenty minutes of event time, through the built product with
 * the seats that ship: in each wave those who teach are a fair sample of the pods that live, what is held for the gone is given
 * back by every role, and each of them is counted once, though the process is stopped and started again before the last wave.
 */
class PodsIT {
    private static final int WAVES = 3;
    private static final int PODS = 100;
    private static final int STEPS = 80;
    private static final int STEP_S = 15;
    private static final long BEGIN_S = 1_700_000_100L;
    private static final String EXPIRE = "5m";
    /** Seats of a stream as shipped, which the tasks share. */
    private static final int SEATS = 64;

    private static final int TASKS = 4;
    private static final int CHUNK = 16;
    /** The step of a wave up to which the wave before has not been silent for long enough. */
    private static final int SILENT = 19;
    /** The step of a wave at which the seats of the wave before have been given back: after the silence and two looks at it. */
    private static final int SETTLED = 26;
    /** The first step whose row may still wait for its chunk. */
    private static final int CHUNKED = STEPS - CHUNK;

    private static final Pattern POD = Pattern.compile("pods/(w(\\d)-(\\d+)\\.pod)");

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final KafkaConnection connection = kafka.connection();

    @TempDir
    Path folder;

    @Test
    @Timeout(6 * 60)
    void thoseWhoTeachAreAFairSampleOfThePodsThatLiveAndTheGoneAreGivenBackOnce() throws Exception {
        kafka.topic("in", 1);
        Path topology = TopologyFolder.write(
                folder.resolve("topology"), Map.of("pods", """
                stream: pods
                input: {topic: %sin, series: [pod], features: [cpu]}
                step: event
                networks: [pca]
                limits: {expire: %s}
                """.formatted(kafka.prefix(), EXPIRE)), "pca");
        try (RunningProduct product = new RunningProduct(kafka, topology, folder.resolve("state"), "pods-it")) {
            live(product, 0, 0, STEPS);
            product.awaitOutcomes("pods", PODS * STEPS);
            assertMeters(product, PODS, 0);
            live(product, 1, 0, STEPS);
            product.awaitOutcomes("pods", 2 * PODS * STEPS);
            assertMeters(product, PODS, PODS);
            int recorded = learnt(product, 0);
            product.stop();
            product.startAgain();
            live(product, 2, 0, CHUNKED);
            product.awaitOutcomes("pods", PODS * CHUNKED);
            // the learner looks at who is silent when rows come, and the last gates of the gone come now
            live(product, 2, CHUNKED, STEPS);
            product.awaitOutcomes("pods", PODS * STEPS);
            assertMeters(product, PODS, PODS);
            learnt(product, recorded);
            product.stop();
        }
        seatsFollowTheLiving();
        Set<String> last = wave(WAVES - 1);
        assertThat(stored()).as("pods with state, by changelog").hasSizeGreaterThanOrEqualTo(2);
        assertThat(stored()).allSatisfy((topic, pods) -> assertThat(pods).isEqualTo(last));
        assertThat(checkpointed(StreamFile.read(topology.resolve("streams/pods.yaml"))))
                .as("pods that the learner knows")
                .hasSizeGreaterThan(SEATS / 2)
                .isSubsetOf(last);
    }

    /** Waits until the learner has what was recorded, but for rows whose gates wait for their run to end; how many there are in all. */
    private int learnt(RunningProduct product, int before) {
        int recorded = teachers().values().stream().mapToInt(Set::size).sum();
        product.await(recorded - before - 2 * SEATS * CHUNK, "tidemark_training_rows_total", "stream", "pods");
        return recorded;
    }

    private static void assertMeters(RunningProduct product, int series, int expired) {
        assertThat(product.meter("tidemark_series_expired_total", "stream", "pods"))
                .as("pods that are gone, since the start of the process")
                .isEqualTo(expired);
        assertThat(product.meter("tidemark_series", "stream", "pods"))
                .as("pods that hold state")
                .isEqualTo(series);
    }

    /** From each wave's settling to its end the same teach, as many as there are seats for the pods of each task, whoever came first. */
    private void seatsFollowTheLiving() {
        Map<Integer, Set<String>> teachers = teachers();
        int early = 0;
        int all = 0;
        for (int wave = 0; wave < WAVES; wave++) {
            int[] alive = new int[TASKS];
            for (String pod : wave(wave)) alive[TopicNames.partition(TopicNames.key("pods", pod), TASKS)]++;
            int seats = 0;
            for (int task = 0; task < TASKS; task++) seats += Math.min(SEATS / TASKS, alive[task]);
            Set<String> sample = teachers.getOrDefault(wave * STEPS + SETTLED, Set.of());
            assertThat(sample).as("wave %d: its teachers", wave).hasSize(seats).isSubsetOf(wave(wave));
            for (int step = 1; step < CHUNKED; step++) {
                Set<String> now = teachers.getOrDefault(wave * STEPS + step, Set.of());
                if (step < SILENT)
                    assertThat(now).as("wave %d, step %d", wave, step).hasSizeLessThanOrEqualTo(SEATS);
                if (step >= SETTLED)
                    assertThat(now).as("wave %d, step %d", wave, step).isEqualTo(sample);
            }
            for (String pod : sample) if (index(pod) < PODS / 2) early++;
            all += seats;
        }
        System.out.println("pods: " + all + " teachers in " + WAVES + " waves of " + PODS + ", " + early
                + " of them of the half that came first");
        // the standard deviation of a fair draw is 4
        assertThat((double) early).as("teachers of the half that came first").isBetween(all / 2.0 - 16, all / 2.0 + 16);
    }

    private static Set<String> wave(int wave) {
        Set<String> pods = new TreeSet<>();
        for (int i = 0; i < PODS; i++) pods.add(pod(wave, i));
        return pods;
    }

    private static String pod(int wave, int index) {
        return "w" + wave + "-" + index + ".pod";
    }

    private static int index(String pod) {
        return Integer.parseInt(pod.substring(pod.indexOf('-') + 1, pod.indexOf('.')));
    }

    /** All pods of a wave for some of its steps, in the same order at each of them. */
    private static void live(RunningProduct product, int wave, int fromStep, int toStep) {
        product.send(IntStream.range(wave * STEPS + fromStep, wave * STEPS + toStep)
                .boxed()
                .flatMap(step -> IntStream.range(0, PODS).mapToObj(i -> event(wave, step, i))));
    }

    private static String event(int wave, int step, int index) {
        double noise = new SplittableRandom(step * 1000L + index).nextGaussian();
        return String.format(
                Locale.ROOT,
                "{\"pod\":\"%s\",\"timestamp\":%d,\"cpu\":%.3f}",
                pod(wave, index),
                1000 * (BEGIN_S + (long) STEP_S * step),
                40 + 10 * Math.sin(step / 9.0 + index) + noise);
    }

    /** Whose rows were recorded to teach, by step. */
    private Map<Integer, Set<String>> teachers() {
        Map<Integer, Set<String>> teachers = new TreeMap<>();
        kafka.readAll(List.of(connection.names().training()), record -> {
            TrainingRows rows = new TrainingRows().decode(record.value());
            for (int r = 0; r < rows.rows(); r++) {
                int step = (int) ((rows.timeMs(r) / 1000 - BEGIN_S) / STEP_S);
                boolean twice =
                        !teachers.computeIfAbsent(step, s -> new HashSet<>()).add(rows.series);
                assertThat(twice)
                        .as("%s is recorded twice at step %d", rows.series, step)
                        .isFalse();
            }
        });
        return teachers;
    }

    /** The pods of which the state stores of the roles hold something, by the changelog that a store is restored from. */
    private Map<String, Set<String>> stored() throws Exception {
        Map<String, Set<String>> stored = new TreeMap<>();
        for (String topic : kafka.admin().listTopics().names().get()) {
            if (!topic.startsWith(kafka.prefix()) || !topic.endsWith("-changelog")) continue;
            Map<ByteBuffer, Boolean> slots = new HashMap<>();
            kafka.readAll(List.of(topic), record -> slots.put(ByteBuffer.wrap(record.key()), record.value() != null));
            slots.forEach((key, there) -> {
                Matcher pod = POD.matcher(new String(key.array(), ISO_8859_1));
                if (!pod.find()) return;
                Set<String> pods = stored.computeIfAbsent(topic, t -> new TreeSet<>());
                if (there) pods.add(pod.group(1));
            });
        }
        return stored;
    }

    private Set<String> checkpointed(StreamSpec stream) throws Exception {
        int partition = TopicNames.partition(stream.name(), TASKS);
        CheckpointStore.Stored stored = Objects.requireNonNull(
                CheckpointStore.open(connection, partition).take(stream.name()));
        return CheckpointedSeries.of(stream, stored.checkpoint());
    }
}
