package io.tidemark.role.retrain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.Eventually;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.kafka.client.RoleContext;
import io.tidemark.metrics.Meters;
import io.tidemark.model.promotion.DrawnFrames;
import io.tidemark.model.promotion.ReplayedFrames;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.Engines;
import io.tidemark.net.engine.TestNetworks;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.TrainingFrame;
import io.tidemark.series.sample.Wire;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetrainFramesIT {
    private static final int FRAMES = 600;

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final KafkaConnection connection =
            new KafkaConnection(Map.of("bootstrap.servers", kafka.bootstrap()), new TopicNames(kafka.prefix()));
    private final Map<String, NetworkSpec> zoo = Map.of("ring-ae", DrawnFrames.SPEC, "ae", TestNetworks.autoencoder());

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void networksOfImagesAreTrainedFromTheFramesOfTheirStream() throws Exception {
        kafka.topic("models", 1, Map.of("cleanup.policy", "compact"));
        for (String topic : List.of("jobs", "reports", "dead-letters", "training", "gates")) kafka.topic(topic, 1);
        StreamSpec stream = DrawnFrames.stream(folder, "");
        assertThat(RetrainRequest.fitting(zoo, stream)).containsExactly("ring-ae");
        record(stream);
        List<RetrainJob> jobs = new RetrainRequest(
                        "camera",
                        List.of("ring-ae"),
                        1000,
                        new Period(0, Long.MAX_VALUE),
                        1,
                        new TrainingPlan(5, 300, 1, 0.05))
                .send(connection);
        JobReport report;
        try (Engine engine = Engines.open("dl4j", new DeviceSpec.Cpu());
                RetrainWorker worker = new RetrainWorker(
                        new RoleContext(
                                connection, new Meters(new SimpleMeterRegistry()), "one", InstantSource.system()),
                        Map.of("camera", stream),
                        zoo,
                        engine,
                        new ConsumerGroupQueue(connection, kafka.prefix() + "retrain", kafka.prefix() + "jobs"))) {
            Eventually.holds(Duration.ofSeconds(60), "the job is done", () -> worker.doWork(() -> true));
            report = JobReports.find(connection, jobs.get(0).id()).orElseThrow();
        }
        assertThat(report.status()).as(report.reason()).isEqualTo(JobReport.Status.DONE);
        assertThat(requireNonNull(report.outcome().history()).counts().rows()).isEqualTo(FRAMES);
        assertThat(requireNonNull(
                                requireNonNull(report.outcome().fit()).errors().get("test"))
                        .meanSquared())
                .isLessThan(0.02);
    }

    private void record(StreamSpec stream) {
        ReplayedFrames camera = DrawnFrames.recording(stream, "a", 8, FRAMES);
        Wire wire = Wire.writer(4096);
        byte[] key = "camera/a".getBytes(UTF_8);
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of())) {
            for (int i = 0; i < FRAMES; i++) {
                TrainingFrame frame = new TrainingFrame(
                        "camera",
                        "a",
                        stream.generation(),
                        i,
                        camera.timeMs(i),
                        camera.frames().get(i));
                producer.send(new ProducerRecord<>(connection.names().training(), 0, key, frame.encode(wire)));
            }
            Gate gate = new Gate("camera", "a", stream.generation(), 0, FRAMES, true, "");
            producer.send(new ProducerRecord<>(connection.names().gates(), 0, key, gate.encode(wire)));
        }
    }
}
