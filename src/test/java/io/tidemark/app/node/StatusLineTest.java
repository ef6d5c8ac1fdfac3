package io.tidemark.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusLineTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Meters meters = new Meters(registry);
    private final AtomicLong nanos = new AtomicLong();

    @TempDir
    private Path folder;

    private List<StreamSpec> streams = List.of();

    @BeforeEach
    void stream() throws IOException {
        Path file = Files.writeString(
                folder.resolve("p.yaml"), "stream: p\nstep: event\ninput: {topic: plant.p, features: [v]}\n");
        streams = List.of(StreamFile.read(file));
    }

    private StatusLine line(Set<RoleName> roles) {
        return new StatusLine(registry, roles, streams, nanos::get);
    }

    @Test
    void aLineSaysWhatCameWhatBecameOfItAndWhatWaits() {
        meters.counter(MeterName.EVENTS, "p").increment(11_000);
        meters.counter(MeterName.OTHER_KIND, "p").increment(5);
        meters.counter(MeterName.OUTCOMES, "p", "scored").increment(10_500);
        meters.counter(MeterName.OUTCOMES, "p", "late").increment(0);
        meters.counter(MeterName.OUTCOMES, "p", "rejected").increment(500);
        meters.level(MeterName.ALERTS_OPEN, "p").set(2);
        lag("plant.p", 0, 40);
        lag("plant_p", 1, 2);
        lag("t.samples", 0, 900);
        StatusLine line = line(EnumSet.allOf(RoleName.class));
        nanos.addAndGet(10_000_000_000L);

        assertThat(line.next())
                .isEqualTo(
                        "11,000 events (1,100/s) · 5 passed over · rejected 500 · scored 10,500 · 2 alerts open · 42 unread");

        meters.counter(MeterName.EVENTS, "p").increment(50);
        nanos.addAndGet(10_000_000_000L);
        assertThat(line.next()).startsWith("11,050 events (5/s) · ");
    }

    @Test
    void featuresWithoutValuesAreTold() {
        meters.level(MeterName.FEATURES_SILENT, "p").set(2);
        meters.level(MeterName.FEATURES_SILENT, "q").set(0);
        assertThat(line(EnumSet.of(RoleName.INGEST)).next())
                .endsWith(" · features of p without values: 2 (the log names them)");
    }

    @Test
    void manyLateEventsAreTakenForAMissingKeyWhileTheyCome() {
        StatusLine line = line(EnumSet.of(RoleName.VERDICT));
        meters.counter(MeterName.OUTCOMES, "p", "scored").increment(1_000);
        meters.counter(MeterName.OUTCOMES, "p", "late").increment(30);
        assertThat(line.next()).as("3 in a hundred").doesNotContain("many come late");

        meters.counter(MeterName.OUTCOMES, "p", "scored").increment(100);
        meters.counter(MeterName.OUTCOMES, "p", "late").increment(30);
        assertThat(line.next())
                .endsWith("many come late: give records their series as key, or raise lateness in the stream file");

        meters.counter(MeterName.OUTCOMES, "p", "scored").increment(100);
        assertThat(line.next()).doesNotContain("many come late");
    }

    @Test
    void aStreamOfWhichNoEventIsJudgedIsNamedWhileTheyCome() {
        StatusLine line = line(EnumSet.of(RoleName.INGEST));
        for (String stream : List.of("p", "q")) {
            meters.counter(MeterName.EVENTS, stream).increment(100);
            meters.counter(MeterName.OUTCOMES, stream, "rejected").increment(stream.equals("p") ? 90 : 99);
        }
        meters.counter(MeterName.OUTCOMES, "p", "late").increment(10);
        assertThat(line.next()).endsWith(" · no event of p is judged: tidemark streams try p says why");
        assertThat(line.next()).doesNotContain("is judged");

        meters.counter(MeterName.EVENTS, "p").increment(100);
        meters.counter(MeterName.OUTCOMES, "p", "rejected").increment(50);
        assertThat(line.next()).doesNotContain("is judged");
    }

    @Test
    void partsOfRolesThatRunElsewhereAreLeftOut() {
        assertThat(line(EnumSet.of(RoleName.VERDICT)).next()).isEqualTo("0 alerts open");
    }

    @Test
    void aRoleByItselfSaysWhatItHasDone() {
        meters.summary(MeterName.BATCH, "worker").record(1_200);
        meters.summary(MeterName.BATCH, "worker").record(34);
        meters.counter(MeterName.ROWS, "p", "taught").increment(56);
        meters.counter(MeterName.ROWS, "p", "withheld").increment(7);
        meters.counter(MeterName.NOTIFICATIONS, "desk", "delivered").increment(2);
        meters.counter(MeterName.NOTIFICATIONS, "desk", "failed").increment(1);
        meters.counter(MeterName.RETRAIN_JOBS, "p", "done").increment(3);
        assertThat(line(EnumSet.of(RoleName.WORKER)).next()).isEqualTo("1,234 samples");
        assertThat(line(EnumSet.of(RoleName.LEARNER)).next()).isEqualTo("56 rows taught");
        assertThat(line(EnumSet.of(RoleName.NOTIFY)).next()).isEqualTo("2 told");
        assertThat(line(EnumSet.of(RoleName.RETRAIN)).next()).isEqualTo("3 jobs done");
    }

    @ParameterizedTest
    @CsvSource({"INGEST, t.ingest-p-7c", "VERDICT, t.verdict-7c", "WORKER, t.worker-7c"})
    void aRoleWithoutAPartitionSaysSo(RoleName role, String client) {
        StatusLine line = line(EnumSet.of(role));
        assertThat(line.next()).as("before it joined").doesNotContain("idle");
        AtomicInteger partitions = new AtomicInteger();
        assigned(client + "-StreamThread-1-consumer", partitions);
        assigned(client + "-StreamThread-2-consumer", new AtomicInteger());
        assigned("t.learner-7c", new AtomicInteger(3));
        assertThat(line.next())
                .contains(role + " is idle: other processes have all partitions, or it fills its state first");

        partitions.set(1);
        assertThat(line.next()).doesNotContain("idle");
    }

    private void assigned(String client, AtomicInteger partitions) {
        Gauge.builder("kafka.consumer.coordinator.assigned.partitions", partitions::get)
                .tags(Tags.of("client.id", client))
                .register(registry);
    }

    private void lag(String topic, int partition, double value) {
        Gauge.builder("kafka.consumer.fetch.manager.records.lag", () -> value)
                .tags(Tags.of("topic", topic, "partition", partition + ""))
                .register(registry);
    }
}
