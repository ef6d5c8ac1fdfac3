package io.tidemark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.app.node.StreamCost;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.kafka.client.TopicSpec;
import io.tidemark.kafka.client.Topics;
import io.tidemark.kafka.embedded.ChildBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many series in one process: what each takes of the heap is what {@code streams check} says, and a process that was killed scores
 * every series again from the state that it left, and from changelogs alone. It runs when asked to: {@code -Dsize.series=1000}. A series
 * has all of its state after some hundred events, so that fewer than {@value #GROWN} of each ({@code -Dsize.events}) are held to take at
 * most what is said; {@code -Dsize.heap=12g} gives the process more. With {@code -Dsize.standby=true} two processes follow, each with
 * standby replicas of the other's state, and one of them is killed.
 */
class SizeIT {
    private static final int SERIES = Integer.getInteger("size.series", 0);
    private static final int GROWN = 400;
    private static final int EVENTS_EACH = Integer.getInteger("size.events", 500);
    private static final String HEAP = System.getProperty("size.heap", "1g");
    private static final int PARTITIONS = 4;
    private static final double WITHIN = 0.2;
    private static final Pattern USED = Pattern.compile("total \\d+K, used (\\d+)K");

    @TempDir
    Path folder;

    private int round;

    @Test
    @Timeout(40 * 60)
    void aSeriesTakesWhatIsSaidAndAllComeBackAfterAKill() throws Exception {
        assumeTrue(SERIES > 0, "takes minutes and much memory: -Dsize.series=1000");
        StreamSpec stream = declare();
        long declared = StreamCost.of(stream, WholePath.zoo()).state().heap();
        try (ChildBroker broker = ChildBroker.start(folder.resolve("broker"))) {
            KafkaConnection kafka = KafkaConnection.to(broker.bootstrap());
            try (Admin admin = kafka.admin()) {
                new Topics(admin, Duration.ofSeconds(30)).create(List.of(TopicSpec.of("many", PARTITIONS)));
            }
            Path logs = Files.createDirectories(Path.of("target", "size"));
            try (RoleProcess process = start(broker, logs, "state");
                    Scores scores = new Scores(kafka, process)) {
                feed(kafka, SERIES / 10, EVENTS_EACH);
                scores.await((long) (SERIES / 10) * EVENTS_EACH);
                long few = heap(process);
                long began = System.nanoTime();
                feed(kafka, SERIES, EVENTS_EACH);
                scores.await(((long) (SERIES / 10) + SERIES) * EVENTS_EACH);
                say("%,d events of %,d series scored in %.0f s", SERIES * EVENTS_EACH, SERIES, since(began));
                long many = heap(process);
                double each = (double) (many - few) / (SERIES - SERIES / 10);
                say(
                        "heap after a collection: %,d KiB with %,d series, %,d KiB with %,d; %.0f bytes a series, check says %d",
                        few >> 10, SERIES / 10, many >> 10, SERIES, each, declared);
                assertThat(each)
                        .as("bytes of heap a series")
                        .isBetween(EVENTS_EACH < GROWN ? 1 : declared * (1 - WITHIN), declared * (1 + WITHIN));

                process.kill();
                again(kafka, scores, process::startAgain, "from the state of its folder");
                process.kill();
                KafkaForTests.delete(folder.resolve("state"));
                again(kafka, scores, process::startAgain, "from changelogs alone");
                process.kill();
                if (Boolean.getBoolean("size.standby")) takeOver(kafka, broker, logs, scores);
            }
        }
    }

    /** Makes something happen to a process, and waits for a score of one event of each series. */
    private void again(KafkaConnection kafka, Scores scores, Runnable event, String what) {
        long began = System.nanoTime();
        long before = scores.count;
        long begun = scores.begun;
        event.run();
        feed(kafka, SERIES, 1);
        scores.await(before + 1);
        double first = since(began);
        scores.await(before + SERIES);
        say("%s: first score after %.1f s, %,d after %.1f s", what, first, SERIES, since(began));
        assertThat(scores.begun).as("series that began anew").isEqualTo(begun);
    }

    /** Of two processes that keep each other's state warm one is killed; the other goes on with every series. */
    private void takeOver(KafkaConnection kafka, ChildBroker broker, Path logs, Scores scores) throws Exception {
        List<RoleProcess> pair = new ArrayList<>();
        try {
            for (String name : List.of("first", "second")) {
                Path own = Files.createDirectories(logs.resolve(name));
                pair.add(start(broker, own, "state-of-" + name, "--set", "num.standby.replicas=1"));
            }
            scores.of(pair.get(1));
            for (int warm = 0; warm < 5; warm++) again(kafka, scores, () -> {}, "with standby replicas");
            again(kafka, scores, pair.get(0)::kill, "by the standby");
        } finally {
            pair.forEach(RoleProcess::close);
        }
    }

    private StreamSpec declare() throws IOException {
        Path streams = Files.createDirectories(folder.resolve("topology/streams"));
        Files.createDirectories(folder.resolve("topology/zoo"));
        Files.copy(Path.of("topology/topics.yaml"), folder.resolve("topology/topics.yaml"));
        Path file = Files.writeString(streams.resolve("many.yaml"), """
                stream: many
                input: {topic: many, series: [series], features: [value]}
                networks: []
                step: event
                limits: {series: %d}
                """.formatted(2 * SERIES));
        return StreamFile.read(file);
    }

    private RoleProcess start(ChildBroker broker, Path logs, String state, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--bootstrap",
                broker.bootstrap(),
                "--topology",
                folder.resolve("topology").toString(),
                "--start",
                "earliest",
                "--metrics-port",
                "0",
                "--set",
                "session.timeout.ms=6000",
                "--state-dir",
                folder.resolve(state).toString()));
        arguments.addAll(List.of(more));
        return new RoleProcess("ingest,worker,verdict", logs, List.of("-Xmx" + HEAP, "-XX:+UseSerialGC"), arguments);
    }

    private void feed(KafkaConnection kafka, int series, int each) {
        try (Producer<byte[], byte[]> producer = kafka.producer(Map.of("linger.ms", "20"))) {
            for (int i = 0; i < each; i++, round++) {
                long at = 1_750_000_000_000L + round * 1000L;
                for (int s = 0; s < series; s++) {
                    String json = "{\"series\":\"machine-" + s + "\",\"timestamp\":" + at + ",\"value\":"
                            + (10 + (s * 31 + round * 17) % 97 / 100.0) + "}";
                    producer.send(new ProducerRecord<>("many", s % PARTITIONS, null, json.getBytes(UTF_8)));
                }
            }
            producer.flush();
        }
    }

    /** Bytes of the process's heap that are in use after a collection. */
    private static long heap(RoleProcess process) throws Exception {
        jcmd(process, "GC.run");
        String info = jcmd(process, "GC.heap_info");
        long kib = 0;
        for (Matcher used = USED.matcher(info); used.find(); ) kib += Long.parseLong(used.group(1));
        return kib << 10;
    }

    private static String jcmd(RoleProcess process, String command) throws Exception {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(process.pid()),
                        command)
                .redirectErrorStream(true)
                .start();
        String said = new String(jcmd.getInputStream().readAllBytes(), UTF_8);
        assertThat(jcmd.waitFor()).as(said).isZero();
        return said;
    }

    private static double since(long nanos) {
        return (System.nanoTime() - nanos) * 1e-9;
    }

    private static void say(String format, Object... values) {
        System.out.println("size: " + String.format(Locale.ROOT, format, values));
    }

    /** Committed scores, counted. */
    private static final class Scores implements AutoCloseable {
        private static final Duration POLL = Duration.ofMillis(200);
        private static final Pattern FIRST = Pattern.compile("\"samples_seen\":1\\D");

        private final Consumer<byte[], byte[]> consumer;
        private RoleProcess process;
        long count;
        /** Scores of the first step of a series. */
        long begun;

        Scores(KafkaConnection kafka, RoleProcess process) {
            this.process = process;
            consumer = kafka.consumer(Map.of());
            String topic = kafka.names().scores();
            List<TopicPartition> partitions = Eventually.gives(Duration.ofMinutes(1), "the topic of scores", () -> {
                List<TopicPartition> found = new ArrayList<>();
                consumer.partitionsFor(topic).forEach(p -> found.add(new TopicPartition(topic, p.partition())));
                return found.isEmpty() ? null : found;
            });
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        }

        /** Whose end ends the waiting. */
        void of(RoleProcess other) {
            process = other;
        }

        void await(long total) {
            Eventually.holds(Duration.ofMinutes(15), total + " scores", () -> {
                assertThat(process.isAlive()).as("process; see target/size").isTrue();
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    count++;
                    if (FIRST.matcher(new String(record.value(), UTF_8)).find()) begun++;
                }
                return count >= total;
            });
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
