package io.tidemark.app.node;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.RoleContext;
import io.tidemark.kafka.client.SimulatedKafka;
import io.tidemark.kafka.client.SimulatedStreams;
import io.tidemark.metrics.Meters;
import io.tidemark.model.registry.ModelReader;
import io.tidemark.model.registry.Registrar;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.FakeEngine;
import io.tidemark.net.engine.TestNetworks;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.role.ingest.IngestTopology;
import io.tidemark.role.ingest.SimulatedIngest;
import io.tidemark.role.learner.Learner;
import io.tidemark.role.retrain.JobQueue;
import io.tidemark.role.retrain.RetrainWorker;
import io.tidemark.role.retrain.SimulatedRetrain;
import io.tidemark.role.retrain.SimulatedShareQueue;
import io.tidemark.role.verdict.SimulatedVerdict;
import io.tidemark.role.verdict.VerdictTopology;
import io.tidemark.role.worker.ScoringWorker;
import java.util.List;
import java.util.Map;

/** Starts the roles on modelled topics: every class of theirs but for the threads, the network and Kafka Streams' own. */
final class SimulatedRoles {
    static final int PARTITIONS = 2;
    static final String INPUT = "in";
    static final TopicNames NAMES = new TopicNames("t.");

    /** Learns from 16 rows on, publishes often, and never waits for time of the machine. */
    static final StreamSpec STREAM = TestNetworks.stream(
            "test", 1, new StreamSpec.Learning(8, 1, new StreamSpec.Learning.Pace(16, 1, 8, 8, 1), 400, 3, 0.1, 1));

    private static final Map<String, NetworkSpec> ZOO =
            Map.of("ae", TestNetworks.autoencoder(), "fc", TestNetworks.forecaster());
    private static final Meters METERS = new Meters(new SimpleMeterRegistry());

    /** One process of a role. */
    interface Running {
        void doWork() throws InterruptedException;

        /** As a role does that ends with an exception. */
        void close();
    }

    private final SimulatedKafka kafka;
    private final Engine engine = new FakeEngine();
    private final SimulatedShareQueue.Group jobs = new SimulatedShareQueue.Group();
    private final boolean sharesJobs;
    private int incarnations;

    /** @param sharesJobs whether jobs come from a share group; otherwise from a consumer group */
    SimulatedRoles(SimulatedKafka kafka, boolean sharesJobs) {
        this.kafka = kafka;
        this.sharesJobs = sharesJobs;
        for (String topic : List.of(NAMES.models(), NAMES.jobs(), NAMES.reports(), NAMES.vitals(), NAMES.deadLetters()))
            kafka.topic(topic, 1);
        for (String topic : List.of(
                INPUT,
                IngestTopology.events(NAMES, INPUT),
                IngestTopology.changelog(NAMES, INPUT),
                VerdictTopology.changelog(NAMES),
                NAMES.ticks(),
                NAMES.samples(),
                NAMES.training(),
                NAMES.inferences(),
                NAMES.scores(),
                NAMES.forecasts(),
                NAMES.alerts(),
                NAMES.gates(),
                NAMES.incidentInbox(),
                NAMES.checkpoints())) kafka.topic(topic, PARTITIONS);
    }

    KafkaConnection connection(SimulatedKafka.Process process) {
        return new KafkaConnection(Map.of("bootstrap.servers", "none:1"), NAMES, process);
    }

    /**
     * Starts a process.
     *
     * @param instance stable over restarts
     */
    Running start(String role, String instance, SimulatedKafka.Process process, SimulatedKafka.Faults faults)
            throws InterruptedException {
        KafkaConnection connection = connection(process);
        return switch (role) {
            case "ingest" ->
                streams(
                        connection,
                        SimulatedIngest.of(NAMES, INPUT, List.of(STREAM), TestNetworks.WINDOW, PARTITIONS, METERS));
            case "verdict" -> streams(connection, SimulatedVerdict.of(NAMES, List.of(STREAM), METERS, kafka));
            case "worker" -> worker(connection, instance);
            case "learner" -> learner(connection, instance);
            case "registrar" -> registrar(connection, instance);
            case "retrain" -> retrain(connection, instance, faults);
            default -> throw new IllegalArgumentException(role);
        };
    }

    private Running streams(KafkaConnection connection, SimulatedStreams.Application application) {
        SimulatedStreams streams = new SimulatedStreams(kafka, connection, application, "" + incarnations++);
        return new Running() {
            @Override
            public void doWork() throws InterruptedException {
                streams.doWork();
            }

            @Override
            public void close() {}
        };
    }

    private Running worker(KafkaConnection connection, String instance) throws InterruptedException {
        ScoringWorker worker = new ScoringWorker(
                connection, List.of(STREAM), ZOO, engine, METERS, instance, kafka, ModelReader::onDemand);
        worker.onStart();
        return new Running() {
            @Override
            public void doWork() {
                worker.doWork();
            }

            @Override
            public void close() {
                worker.close();
            }
        };
    }

    private Running learner(KafkaConnection connection, String instance) throws InterruptedException {
        Learner learner =
                new Learner(new RoleContext(connection, METERS, instance, kafka), List.of(STREAM), ZOO, engine);
        learner.onStart();
        return new Running() {
            @Override
            public void doWork() {
                learner.doWork();
            }

            @Override
            public void close() {
                learner.close();
            }
        };
    }

    private static Running registrar(KafkaConnection connection, String instance) throws InterruptedException {
        Registrar registrar = new Registrar(connection, METERS, instance);
        registrar.onStart();
        return new Running() {
            @Override
            public void doWork() {
                registrar.doWork();
            }

            @Override
            public void close() {
                registrar.close();
            }
        };
    }

    private Running retrain(KafkaConnection connection, String instance, SimulatedKafka.Faults faults)
            throws InterruptedException {
        JobQueue queue = sharesJobs
                ? new SimulatedShareQueue(kafka, faults, jobs, NAMES.jobs())
                : SimulatedRetrain.ofConsumerGroup(connection);
        RetrainWorker worker = SimulatedRetrain.worker(connection, STREAM, ZOO, engine, METERS, instance, queue, kafka);
        return new Running() {
            @Override
            public void doWork() throws InterruptedException {
                worker.doWork(() -> true);
            }

            @Override
            public void close() {
                worker.close();
            }
        };
    }
}
