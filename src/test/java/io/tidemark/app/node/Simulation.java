package io.tidemark.app.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.app.node.SimulatedRoles.Running;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.SimulatedKafka;
import io.tidemark.kafka.client.SimulatedKafka.Crash;
import io.tidemark.kafka.client.SimulatedKafka.Fault;
import io.tidemark.model.registry.ModelPublisher;
import io.tidemark.model.registry.TestModels;
import io.tidemark.net.engine.FakeEngine;
import io.tidemark.net.engine.TestNetworks;
import io.tidemark.net.network.Network;
import io.tidemark.role.retrain.RetrainRequest;
import io.tidemark.role.retrain.SimulatedRetrain;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.TrainingRows;
import io.tidemark.series.sample.Wire;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * Every role of an installation on modelled topics, one or two processes of each, in an order and with faults that a seed decides.
 *
 * <ul>
 *   <li>A process dies before any call of Kafka's clients, or right after a commit, and another one takes its name.
 *   <li>A process stands still inside a call while others work on; its sessions may run out meanwhile, and another one may take its name:
 *       it goes on as a zombie.
 *   <li>A commit's answer is lost, done or not done. Markers are late. Polls give little, partitions in any order.
 *   <li>The same event comes twice, and the same run is asked for twice.
 * </ul>
 */
final class Simulation {
    static final long BEGIN_MS = 1_700_000_000_000L;
    private static final int EVENTS = 40;
    private static final int QUIET_ROUNDS = 16;
    /** Longer together than a session, a transaction and a job's lock. */
    private static final long QUIET_MS = 3_000;

    /** Rows that lie on the topics already, enough for a job to train from. */
    private static final int HISTORY = 140;

    private static final List<String> ROLES = List.of("ingest", "worker", "verdict", "learner", "registrar", "retrain");

    final SimulatedKafka kafka;
    private final RandomGenerator random;
    private final SimulatedRoles roles;
    private final Invariants invariants;
    private final List<Actor> actors = new ArrayList<>();
    private final Producer<byte[], byte[]> feeder;
    private final long[] seriesMs = new long[3];
    private final double crashes;
    private final double stalls;
    private final double lost;
    private boolean calm;
    private int fed;
    private int depth;
    int crashed;
    int zombies;

    Simulation(long seed) {
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        kafka = new SimulatedKafka(random, BEGIN_MS);
        roles = new SimulatedRoles(kafka, random.nextBoolean());
        invariants = new Invariants(kafka);
        crashes = random.nextInt(4) * 0.004;
        stalls = random.nextInt(4) * 0.003;
        lost = random.nextInt(3) * 0.02;
        for (String role : ROLES) {
            int count = 1 + random.nextInt(2);
            for (int i = 0; i < count; i++) actors.add(new Actor(role, String.valueOf((char) ('a' + i))));
        }
        feeder = kafka.process(SimulatedKafka.Faults.NONE).producer(Map.of());
        Arrays.fill(seriesMs, BEGIN_MS);
        if (random.nextInt(4) == 0) layHistory();
    }

    private void layHistory() {
        StreamSpec stream = SimulatedRoles.STREAM;
        TrainingRows chunk = new TrainingRows();
        chunk.begin(stream.name(), "old", stream.generation(), 1);
        for (int i = 0; i < HISTORY; i++) {
            Step step = new Step();
            step.features(1);
            step.step = i;
            step.timeMs = BEGIN_MS - 1000L * (HISTORY - i);
            step.values()[0] = Math.sin(i * 0.3);
            step.scale()[0] = 1;
            chunk.add(step);
        }
        Gate gate = new Gate(stream.name(), "old", stream.generation(), 0, HISTORY - 1, true, "");
        int partition = TopicNames.partition(stream.name(), SimulatedRoles.PARTITIONS);
        byte[] key = TopicNames.key(stream.name(), "old").getBytes(UTF_8);
        Wire wire = Wire.writer(1 << 14);
        feeder.send(new ProducerRecord<>(SimulatedRoles.NAMES.training(), partition, key, chunk.encode(wire)));
        feeder.send(new ProducerRecord<>(SimulatedRoles.NAMES.gates(), partition, key, gate.encode(wire)));
    }

    /** Runs until everything that was asked for should have come about. */
    Invariants run() throws InterruptedException {
        while (fed < EVENTS) {
            feed(1 + random.nextInt(4));
            for (int i = 0; i < 4; i++) step();
            if (random.nextInt(EVENTS / 4) == 0) request();
            if (random.nextInt(EVENTS / 4) == 0) offer();
        }
        request();
        calm = true;
        int quiet = 0;
        long before = invariants.progress();
        for (int round = 0; quiet < QUIET_ROUNDS; round++) {
            if (round > 3000) throw new AssertionError("it does not come to rest");
            kafka.advance(QUIET_MS);
            for (Actor actor : List.copyOf(actors)) actor.step();
            invariants.check();
            quiet = invariants.progress() == before ? quiet + 1 : 0;
            before = invariants.progress();
        }
        invariants.atTheEnd();
        return invariants;
    }

    private void step() throws InterruptedException {
        kafka.advance(random.nextInt(50));
        List<Actor> free = actors.stream().filter(actor -> !actor.busy).toList();
        if (!free.isEmpty()) free.get(random.nextInt(free.size())).step();
        invariants.check();
    }

    private void feed(int count) {
        for (int i = 0; i < count; i++) {
            int series = random.nextInt(seriesMs.length);
            boolean again = random.nextInt(12) == 0 && seriesMs[series] > BEGIN_MS;
            if (!again) seriesMs[series] += 1000;
            String json = "{\"time\":" + seriesMs[series] + ",\"series\":\"s" + series + "\",\"f0\":"
                    + (again ? 1 : random.nextGaussian()) + "}";
            // A key of its own would be a promise that this input does not make.
            int partition = series % SimulatedRoles.PARTITIONS;
            feeder.send(new ProducerRecord<>(SimulatedRoles.INPUT, partition, null, json.getBytes(UTF_8)));
            fed++;
        }
    }

    private void request() throws InterruptedException {
        RetrainRequest run = SimulatedRetrain.request("test", BEGIN_MS + random.nextInt(3));
        Actor person = new Actor("person", "p");
        while (true) {
            try {
                invariants.asked(run.send(roles.connection(person.process)));
                return;
            } catch (Crash | ProducerFencedException | InvalidProducerEpochException | RetriableException e) {
                // a person asks again
            }
        }
    }

    /** A person offers one of two models made elsewhere, perhaps once more. */
    private void offer() {
        int which = random.nextInt(2);
        Actor person = new Actor("person", "q");
        try (Producer<byte[], byte[]> producer =
                person.process.producer(Map.of("transactional.id", SimulatedRoles.NAMES.role("image-" + which)))) {
            producer.initTransactions();
            producer.beginTransaction();
            Network network = TestNetworks.autoencoder().bind(1);
            ModelPublisher.challenge(
                    producer,
                    SimulatedRoles.NAMES.models(),
                    TestModels.draft("test", network, 1).by("image-" + which, ""),
                    FakeEngine.state(network, 0.5f + which),
                    "a person",
                    "made elsewhere",
                    kafka.millis(),
                    Map.of());
            producer.commitTransaction();
        } catch (Crash | ProducerFencedException | RetriableException e) {
            // what a person does not see done, nobody counts on
        }
    }

    /** A process and those that take its name after it. */
    private final class Actor implements SimulatedKafka.Faults {
        private final String role;
        private final String instance;
        private SimulatedKafka.Process process;
        private @Nullable Running running;
        private boolean busy;
        private boolean zombie;

        Actor(String role, String instance) {
            this.role = role;
            this.instance = instance;
            process = kafka.process(this);
        }

        void step() throws InterruptedException {
            if (busy) return;
            busy = true;
            try {
                Running now = running;
                if (now == null) {
                    process = kafka.process(this);
                    now = roles.start(role, instance, process, this);
                    running = now;
                }
                now.doWork();
            } catch (Crash e) {
                crashed++;
                process.die();
                end();
            } catch (RetriableException e) {
                // as its run does, it tries again
            } catch (ProducerFencedException | InvalidProducerEpochException e) {
                process.expel();
                end();
            } finally {
                busy = false;
            }
            if (zombie && random.nextInt(4) == 0) {
                process.expel();
                end();
            }
        }

        private void end() {
            running = null;
            if (zombie) actors.remove(this);
        }

        @Override
        public void at(String call) {
            if (calm) return;
            if (random.nextDouble() < crashes) throw new Crash(role + "-" + instance + " before " + call);
            if (depth < 2 && random.nextDouble() < stalls) stall();
        }

        private void stall() {
            depth++;
            try {
                if (random.nextBoolean()) process.expel();
                if (!zombie && running != null && random.nextBoolean()) {
                    zombie = true;
                    zombies++;
                    actors.add(new Actor(role, instance));
                }
                int steps = 1 + random.nextInt(25);
                for (int i = 0; i < steps; i++) Simulation.this.step();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } finally {
                depth--;
            }
        }

        @Override
        public Fault commit() {
            if (calm || random.nextDouble() >= lost) return Fault.NONE;
            return random.nextBoolean() ? Fault.NOT_DONE : Fault.DONE_UNSEEN;
        }

        @Override
        public boolean isSlow() {
            return !calm && random.nextInt(3) == 0;
        }
    }
}
