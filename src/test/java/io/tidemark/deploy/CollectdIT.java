package io.tidemark.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.Eventually;
import io.tidemark.WholePath;
import io.tidemark.app.node.RoleName;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.series.event.StreamProposal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A collectd that runs (Debian's {@code collectd-core} with {@code librdkafka1}), from its plugins to scores, by the stream that is proposed for it. */
class CollectdIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KafkaForTests broker = KafkaForTests.fresh();

    @TempDir
    Path folder;

    private Path config(String topic) throws IOException {
        return Files.writeString(folder.resolve("collectd.conf"), """
                Hostname "web-1"
                FQDNLookup false
                BaseDir "%1$s"
                PIDFile "%1$s/pid"
                Interval 0.25
                LoadPlugin load
                LoadPlugin memory
                LoadPlugin write_kafka
                <Plugin write_kafka>
                  Property "metadata.broker.list" "%2$s"
                  <Topic "%3$s">
                    Format JSON
                    Key "web-1"
                  </Topic>
                </Plugin>
                """.formatted(folder, broker.bootstrap(), topic));
    }

    private List<String> records(String topic) {
        List<String> records = new ArrayList<>();
        broker.readAll(List.of(topic), record -> records.add(new String(record.value(), UTF_8)));
        return records;
    }

    @Test
    void whatACollectdSendsIsScoredByTheStreamThatIsProposedForIt() throws Exception {
        Programs.need("collectd");
        String topic = broker.topic("collectd", 2);
        KafkaConnection kafka = broker.connection();
        WholePath.createTopics(kafka);
        try (AutoCloseable collectd = Programs.start(
                folder.resolve("log"), "collectd", "-f", "-C", config(topic).toString())) {
            assertThat(collectd).isNotNull();
            Eventually.passes(
                    Duration.ofSeconds(30), () -> assertThat(records(topic)).hasSizeGreaterThan(25));
            Map<String, String> proposed =
                    StreamProposal.of(records(topic)).orElseThrow().values();
            assertThat(proposed)
                    .containsEntry("input.long.name", "dsnames")
                    .containsEntry("input.features", "[longterm, midterm, shortterm, value]")
                    .containsEntry("step", "1s");

            StreamSpec stream = StreamFile.read(Files.writeString(folder.resolve("s.yaml"), """
                    stream: s
                    step: 250ms
                    networks: []
                    input:
                      topic: %s
                      format: json
                      records: %s
                      series: %s
                      features: %s
                      time: {field: %s}
                      long: {name: %s, value: %s}
                    """.formatted(
                            topic,
                            proposed.get("input.records"),
                            proposed.get("input.series"),
                            proposed.get("input.features"),
                            proposed.get("input.time.field"),
                            proposed.get("input.long.name"),
                            proposed.get("input.long.value"))));
            try (WholePath path = WholePath.start(
                    kafka,
                    List.of(stream),
                    EnumSet.of(RoleName.INGEST, RoleName.WORKER, RoleName.VERDICT),
                    folder.resolve("state"))) {
                Eventually.passes(Duration.ofSeconds(60), () -> {
                    assertThat(path.failure()).isEmpty();
                    assertThat(series(kafka))
                            .anyMatch(key -> key.contains("/load/"))
                            .anyMatch(key -> key.endsWith("/used"));
                });
            }
        }
    }

    /** The series that have a score. */
    private TreeSet<String> series(KafkaConnection kafka) {
        TreeSet<String> series = new TreeSet<>();
        broker.readAll(List.of(kafka.names().scores()), record -> {
            try {
                var score = JSON.readTree(record.value());
                if (score.path("status").asText().equals("scored"))
                    series.add(score.path("series").asText());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return series;
    }
}
