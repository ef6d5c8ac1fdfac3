package io.tidemark.role.retrain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.Eventually;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.DeadLetter;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.kafka.client.RoleContext;
import io.tidemark.metrics.Meters;
import io.tidemark.net.engine.FakeEngine;
import io.tidemark.net.engine.TestNetworks;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Label;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.TrainingRows;
import io.tidemark.series.sample.Wire;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RetrainIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final KafkaConnection connection = kafka.connection();
    private final StreamSpec stream = TestNetworks.stream(1);
    private final Map<String, NetworkSpec> zoo =
            Map.of("ae", TestNetworks.autoencoder(), "fc", TestNetworks.forecaster());
    private final FakeEngine engine = new FakeEngine();
    private final List<Running> running = new ArrayList<>();

    private final class Running {
        final AtomicBoolean go = new AtomicBoolean(true);
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final Thread thread;
        private final AtomicInteger given = new AtomicInteger();

        Running(String name) {
            this(name, Map.of(stream.name(), stream));
        }

        Running(String name, Map<String, StreamSpec> known) {
            thread = new Thread(() -> {
                JobQueue queue = new ShareGroupQueue(
                        connection, kafka.prefix() + "retrain", kafka.prefix() + "jobs", Duration.ofSeconds(15));
                try (RetrainWorker worker = new RetrainWorker(
                        new RoleContext(
                                connection, new Meters(new SimpleMeterRegistry()), name, InstantSource.system()),
                        known,
                        zoo,
                        engine,
                        counted(queue))) {
                    worker.run(go::get);
                } catch (Throwable e) {
                    failure.set(e);
                }
            });
            thread.start();
            running.add(this);
        }

        /** How many jobs it was given. */
        int jobs() {
            return given.get();
        }

        private JobQueue counted(JobQueue queue) {
            return (JobQueue) Proxy.newProxyInstance(
                    JobQueue.class.getClassLoader(), new Class<?>[] {JobQueue.class}, (proxy, method, arguments) -> {
                        Object answer = method.invoke(queue, arguments);
                        if (answer instanceof Optional<?> job && job.isPresent()) given.incrementAndGet();
                        return answer;
                    });
        }
    }

    @BeforeEach
    void createTopics() {
        kafka.topic("models", 1, Map.of("cleanup.policy", "compact"));
        for (String topic : List.of("jobs", "reports", "dead-letters")) kafka.topic(topic, 1);
        for (String topic : List.of("training", "gates")) kafka.topic(topic, 2);
        rows(600);
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Running one : running) one.go.set(false);
        for (Running one : running) one.thread.join(30_000);
        for (Running one : running) assertThat(one.failure.get()).isNull();
    }

    /** Of all there is. */
    private RetrainRequest request(int trials) {
        long always = Long.MAX_VALUE / 2;
        return new RetrainRequest(
                "test",
                List.of("ae", "fc"),
                1000,
                new Period(-always, always),
                trials,
                new TrainingPlan(5, 60, 3, 0.05));
    }

    private List<JobReport> reports(String run, int count) throws InterruptedException {
        try (JobReports reports = new JobReports(connection)) {
            Eventually.holds(SOON, count + " reports of " + run, () -> {
                reports.poll(Duration.ofMillis(100));
                return reports.of(run).size() >= count;
            });
            return reports.of(run);
        }
    }

    @Test
    void a_run_gives_one_report_and_one_offer_for_each_job_whoever_does_it_and_however_often_it_is_queued()
            throws Exception {
        List<RetrainJob> jobs = request(2).send(connection);
        request(2).send(connection);
        new Running("one");
        new Running("two");
        List<JobReport> reports = reports(jobs.get(0).run(), 4);
        assertThat(reports).allSatisfy(report -> {
            assertThat(report.status()).isEqualTo(JobReport.Status.DONE);
            assertThat(requireNonNull(report.outcome().fit()).errors()).containsKeys("validation", "test");
            assertThat(requireNonNull(report.outcome().search()).tried()).hasSizeGreaterThan(3);
            assertThat(requireNonNull(report.outcome().history()).choice().train())
                    .isGreaterThan(3
                            * requireNonNull(report.outcome().history())
                                    .choice()
                                    .test());
            assertThat(requireNonNull(report.outcome().history()).choice().testFromMs())
                    .isGreaterThan(
                            requireNonNull(report.outcome().history()).choice().validationFromMs());
        });
        assertThat(reports)
                .extracting(report -> report.job().id())
                .doesNotHaveDuplicates()
                .hasSize(4);
        assertThat(kafka.read(kafka.prefix() + "jobs", 4)).hasSize(4);
        assertThat(endsOfOffers(4))
                .as("event time of the newest row, behind which a trial looks")
                .containsOnly(599_000L);
    }

    private Set<Long> endsOfOffers(int offers) throws IOException {
        Set<Long> ends = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> record : kafka.read(kafka.prefix() + "models", 2 * offers)) {
            boolean offer = new String(record.key(), UTF_8).startsWith("offer/");
            if (offer)
                ends.add(new ObjectMapper()
                        .readTree(record.value())
                        .findValue("lastTimeMs")
                        .longValue());
        }
        return ends;
    }

    @Test
    void a_run_ends_at_the_records_of_its_moment_and_trains_on_all_but_the_newest() throws Exception {
        List<RetrainJob> jobs = new RetrainRequest(
                        "test",
                        List.of("ae"),
                        9000,
                        new Period(0, Long.MAX_VALUE / 2),
                        1,
                        new TrainingPlan(5, 60, 2, 0.05))
                .send(connection);
        rows(600, 300);
        new Running("one");
        JobReport report = reports(jobs.get(0).run(), 1).get(0);
        JobReport.Part part = requireNonNull(report.outcome().history());
        assertThat(part.counts().rows())
                .as("rows that came after it was queued")
                .isEqualTo(598);
        assertThat(part.toMs()).isEqualTo(599_000);
        assertThat(report.job().until()).isEqualTo(jobs.get(0).until());
        assertThat(part.first()).containsEntry("training", 0L);
        assertThat(part.published().holdout()).isBetween(25, 30);
        assertThat(part.published().taught())
                .as("the validation and the test part teach too")
                .isGreaterThan(part.choice().train()
                        + part.choice().validation()
                        + part.choice().test() / 2);
        assertThat(requireNonNull(report.outcome().fit()).errors()).containsKeys("validation", "test", "holdout");
        assertThat(endsOfOffers(1)).containsOnly(599_000L);
    }

    @Test
    void a_job_of_an_unknown_stream_is_left_to_a_worker_that_knows_it() throws Exception {
        new Running("one");
        Running stranger = new Running("stranger", Map.of());
        for (int run = 0; stranger.jobs() == 0; run++) {
            RetrainRequest one = new RetrainRequest(
                    "test", List.of("ae"), 6000 + run, new Period(0, 10_000_000), 1, new TrainingPlan(5, 60, 1, 0.05));
            JobReport report = reports(one.send(connection).get(0).run(), 1).get(0);
            assertThat(report.status()).isEqualTo(JobReport.Status.DONE);
            assertThat(report.work().worker()).isEqualTo("one");
        }
    }

    @Test
    void a_job_whose_workers_are_told_to_stop_is_never_given_up() throws Exception {
        RetrainRequest endless = new RetrainRequest(
                "test", List.of("ae"), 8000, new Period(0, 10_000_000), 1, new TrainingPlan(5, 10_000_000, 1, 0.05));
        List<RetrainJob> jobs = endless.send(connection);
        for (int stops = 0; stops <= RetrainWorker.DELIVERIES_MAX; stops++) {
            Running worker = new Running("worker-" + stops);
            Eventually.holds(SOON, "it has the job", () -> worker.jobs() > 0);
            worker.go.set(false);
            worker.thread.join(30_000);
        }
        assertThat(JobReports.find(connection, jobs.get(0).id())).isEmpty();
        assertThat(kafka.read(kafka.prefix() + "jobs", 2 + RetrainWorker.DELIVERIES_MAX))
                .allSatisfy(record ->
                        assertThat(record.value()).isEqualTo(jobs.get(0).toJson()));
    }

    @Test
    void a_job_that_nobody_has_known_for_long_is_reported() throws Exception {
        RetrainJob job = new RetrainRequest(
                        "test", List.of("ae"), 7000, new Period(0, 10_000_000), 1, new TrainingPlan(5, 60, 1, 0.05))
                .jobs()
                .get(0);
        long longAgo = System.currentTimeMillis() - RetrainWorker.KNOWN_WITHIN.toMillis() - 1;
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of())) {
            byte[] key = job.id().getBytes(UTF_8);
            producer.send(new ProducerRecord<>(connection.names().jobs(), 0, longAgo, key, job.toJson()));
        }
        new Running("stranger", Map.of());
        JobReport report = reports(job.run(), 1).get(0);
        assertThat(report.status()).isEqualTo(JobReport.Status.SKIPPED);
        assertThat(report.reason()).contains("knows no stream test");
    }

    @Test
    void requests_that_could_not_be_worked_on_are_refused() {
        assertThatThrownBy(() -> new RetrainRequest(
                        "test", List.of("ae"), 1, new Period(0, 1), 5, new TrainingPlan(5, 60, 1, 0.05)))
                .hasMessage("trials must be in [1, 4], but was 5");
        assertThatThrownBy(() -> new RetrainRequest(
                        "test", List.of("ae"), 1, new Period(0, 1), 1, new TrainingPlan(5, 0, 1, 0.05)))
                .hasMessage("steps must be in [1, 10000000], but was 0");
        assertThatThrownBy(() -> new RetrainRequest(
                        "test", List.of("ae"), 1, new Period(0, 1), 1, new TrainingPlan(5, 60, 300, 0.05)))
                .hasMessage("candidates must be in [1, 256], but was 300");
        assertThatThrownBy(() -> new RetrainRequest(
                        "test", List.of("ae"), 1, new Period(5, 5), 1, new TrainingPlan(5, 60, 1, 0.05)))
                .hasMessageContaining("before it ends");
        assertThat(new RetrainRequest(
                                "test", List.of("ae", "ae"), 1, new Period(0, 1), 1, new TrainingPlan(5, 60, 1, 0.05))
                        .jobs())
                .as("named twice, trained once")
                .hasSize(1);
    }

    @Test
    void a_job_that_fails_is_tried_three_times_and_then_reported() throws Exception {
        engine.broken = true;
        RetrainRequest one = new RetrainRequest(
                "test", List.of("ae"), 2000, new Period(0, 10_000_000), 1, new TrainingPlan(5, 60, 1, 0.05));
        List<RetrainJob> jobs = one.send(connection);
        new Running("one");
        JobReport report = reports(jobs.get(0).run(), 1).get(0);
        assertThat(report.status()).isEqualTo(JobReport.Status.FAILED);
        assertThat(report.work().deliveries()).isEqualTo(3);
        assertThat(report.reason()).contains("the engine is broken");
    }

    @Test
    void a_history_that_is_too_short_is_said_and_nothing_is_published() throws Exception {
        RetrainRequest early = new RetrainRequest(
                "test", List.of("ae"), 3000, new Period(0, 20_000), 1, new TrainingPlan(5, 60, 1, 0.05));
        List<RetrainJob> jobs = early.send(connection);
        new Running("one");
        JobReport report = reports(jobs.get(0).run(), 1).get(0);
        assertThat(report.status()).isEqualTo(JobReport.Status.SKIPPED);
        assertThat(report.reason()).contains("needs 64");
        assertThat(report.outcome().version()).isEmpty();
    }

    @Test
    void bytes_that_are_no_job_go_to_the_dead_letters_and_the_next_job_is_done() throws Exception {
        kafka.send(kafka.prefix() + "jobs", "x".getBytes(UTF_8), "{\"format\":1}".getBytes(UTF_8));
        RetrainRequest one = new RetrainRequest(
                "test", List.of("ae"), 4000, new Period(0, 10_000_000), 1, new TrainingPlan(5, 60, 1, 0.05));
        List<RetrainJob> jobs = one.send(connection);
        new Running("one");
        assertThat(reports(jobs.get(0).run(), 1).get(0).status()).isEqualTo(JobReport.Status.DONE);
        ConsumerRecord<byte[], byte[]> letter =
                kafka.read(kafka.prefix() + "dead-letters", 1).get(0);
        assertThat(new String(letter.headers().lastHeader(DeadLetter.REASON).value(), UTF_8))
                .isEqualTo("malformed-job");
    }

    @Test
    void a_dead_letter_that_cannot_be_written_is_written_the_next_time() throws Exception {
        kafka.setting("dead-letters", "max.message.bytes", "100");
        kafka.send(kafka.prefix() + "jobs", "x".getBytes(UTF_8), "{\"format\":1}".getBytes(UTF_8));
        Running refused = new Running("one");
        refused.thread.join(30_000);
        assertThat(refused.failure.getAndSet(null)).hasMessageContaining("dead-letters could not be written");
        kafka.setting("dead-letters", "max.message.bytes", "1000000");
        new Running("two");
        assertThat(kafka.read(kafka.prefix() + "dead-letters", 1)).hasSize(1);
    }

    private void rows(int count) {
        rows(0, count);
    }

    private void rows(int first, int count) {
        int partition = TopicNames.partition(stream.name(), 2);
        Wire wire = Wire.writer(256);
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of())) {
            Label label = new Label("test", "a", 1000, 2000, true);
            byte[] a = "test/a".getBytes(UTF_8);
            producer.send(new ProducerRecord<>(connection.names().gates(), partition, a, label.encode(wire)));
            for (int from = first; from < first + count; from += 4) {
                byte[] key = "test/a".getBytes(UTF_8);
                Gate gate = new Gate("test", "a", stream.generation(), from, from + 3, true, "");
                producer.send(new ProducerRecord<>(
                        connection.names().training(),
                        partition,
                        key,
                        chunk(from).encode(wire)));
                producer.send(new ProducerRecord<>(connection.names().gates(), partition, key, gate.encode(wire)));
            }
        }
    }

    private TrainingRows chunk(int from) {
        TrainingRows chunk = new TrainingRows();
        chunk.begin("test", "a", stream.generation(), 1);
        for (int i = from; i < from + 4; i++) {
            Step step = new Step();
            step.features(1);
            step.step = i;
            step.timeMs = i * 1000L;
            step.values()[0] = Math.sin(i * 0.3);
            step.scale()[0] = 1;
            chunk.add(step);
        }
        return chunk;
    }
}
