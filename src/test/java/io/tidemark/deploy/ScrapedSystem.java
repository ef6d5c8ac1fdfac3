package io.tidemark.deploy;

import io.tidemark.app.node.Node;
import io.tidemark.app.node.NodeSettings;
import io.tidemark.app.node.OwnTopics;
import io.tidemark.app.node.RoleName;
import io.tidemark.config.NotifyFile;
import io.tidemark.config.StreamFile;
import io.tidemark.config.TopicFile;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.kafka.client.OffsetReset;
import io.tidemark.metrics.Meters;
import io.tidemark.metrics.MetricsEndpoint;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.network.Zoo;
import io.tidemark.role.notify.Desk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Every role in this process, on a real broker, with a metrics page; a few series report to it without end. */
final class ScrapedSystem implements AutoCloseable {
    /** The stream that is fed. */
    static final String STREAM = "tides";

    private static final int SERIES = 10;
    private static final int FIRST_STEPS = 300;
    private static final int STEPS_EACH_TIME = 4;
    private static final int PARTITIONS = 2;

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final MetricsEndpoint endpoint = new MetricsEndpoint("127.0.0.1", 0, () -> true);
    private final Meters meters = endpoint.meters();
    private final ScheduledExecutorService feed = Executors.newSingleThreadScheduledExecutor();
    private final Producer<byte[], byte[]> producer = kafka.producer(Map.of("linger.ms", "5"));
    private final String topic = kafka.topic("tides", PARTITIONS);
    private final Desk desk = new Desk();
    private final Node node;
    private long step;

    ScrapedSystem(Path folder) throws IOException {
        TopicNames names = new TopicNames(kafka.prefix());
        kafka.create(OwnTopics.specs(TopicFile.read(Path.of("topology/topics.yaml"), 0), names, (short) 1));
        Path stream = Files.writeString(folder.resolve(STREAM + ".yaml"), """
                stream: tides
                input: {topic: %s, series: [series], features: [level]}
                step: event
                networks: [dense-ae, conv-forecaster]
                learning: {first-rows: 500, first-steps: 5, publish-rows: 500}
                """.formatted(topic));
        Path notify = Files.writeString(folder.resolve("notify.yaml"), """
                receivers:
                  - {name: desk, type: webhook, url: "%s"}
                """.formatted(desk.url()));
        NodeSettings settings = new NodeSettings(
                kafka.connection(names),
                new NodeSettings.Declared(List.of(StreamFile.read(stream)), Zoo.load(Path.of("topology/zoo"))),
                Files.createDirectories(folder.resolve("state")),
                new NodeSettings.Compute("auto", new DeviceSpec.Auto()),
                "scraped",
                OffsetReset.EARLIEST,
                NotifyFile.read(notify),
                false);
        report(FIRST_STEPS);
        node = Node.start(EnumSet.allOf(RoleName.class), settings, meters);
        System.gc();
        feed.scheduleWithFixedDelay(() -> report(STEPS_EACH_TIME), 0, 200, TimeUnit.MILLISECONDS);
    }

    private void report(int steps) {
        for (int i = 0; i < steps; i++, step++) {
            for (int series = 0; series < SERIES; series++) {
                String event = String.format(
                        Locale.ROOT,
                        "{\"series\":\"harbour-%d\",\"timestamp\":%d,\"level\":%.3f}",
                        series,
                        1_700_000_000_000L + 1000 * step,
                        3 + Math.sin(step / 20.0 + series) + 0.01 * (step * 7 % 13));
                producer.send(
                        new ProducerRecord<>(topic, series % PARTITIONS, null, event.getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    int port() {
        return endpoint.port();
    }

    Meters meters() {
        return meters;
    }

    /** Why a role has failed; empty while none has. */
    String failure() {
        return node.isHealthy() ? "" : node.failure();
    }

    @Override
    public void close() throws InterruptedException {
        feed.shutdown();
        if (!feed.awaitTermination(10, TimeUnit.SECONDS)) throw new AssertionError("the feed does not end");
        node.close();
        desk.close();
        producer.close();
        endpoint.close();
    }
}
