package io.tidemark.app.node;

import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.Beginning;
import io.tidemark.kafka.client.Places;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import io.tidemark.model.registry.Guard;
import io.tidemark.model.registry.Registrar;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.Engines;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.Zoo;
import io.tidemark.role.ingest.IngestRole;
import io.tidemark.role.learner.Learner;
import io.tidemark.role.learner.Trials;
import io.tidemark.role.retrain.JobQueue;
import io.tidemark.role.retrain.RetrainWorker;
import io.tidemark.role.verdict.VerdictRole;
import io.tidemark.role.worker.ScoringWorker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The roles of one process.
 *
 * <p>Started together; stopped one after another, the engine last. What a stopped role has not answered is answered after the
 * next start, from the offsets of its last transaction. A role that fails makes the node unhealthy, and the process ends: what supervises it starts it again. Safe for any thread.
 */
public final class Node implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final long CHECK_MS = 200;
    private static final long JOIN_MS = 20_000;

    private final Deque<AutoCloseable> closing = new ArrayDeque<>();
    private final List<BooleanSupplier> health = new ArrayList<>();
    private volatile String failure = "";
    private volatile boolean running = true;

    private Node() {}

    /**
     * Starts roles.
     *
     * @throws RuntimeException when one cannot start; those that had started are closed then
     */
    public static Node start(Set<RoleName> roles, NodeSettings settings, Meters meters) {
        Node node = new Node();
        try {
            node.startAll(roles, settings, meters);
            return node;
        } catch (RuntimeException e) {
            node.close();
            throw e;
        }
    }

    private void startAll(Set<RoleName> roles, NodeSettings s, Meters meters) {
        Map<String, NetworkSpec> networks = s.zoo().specs();
        if (roles.contains(RoleName.WORKER) || roles.contains(RoleName.LEARNER) || roles.contains(RoleName.RETRAIN)) {
            Engine engine = Engines.open(s.engine(), s.device());
            closing.push(engine);
            meters.level(MeterName.ENGINE, engine.info().name(), engine.info().device(), s.engine())
                    .set(1);
            if (roles.contains(RoleName.LEARNER)) {
                Registrar registrar = new Registrar(s.kafka(), meters, s.instance());
                thread(RoleName.LEARNER, meters, registrar::run);
                Guard guard = new Guard(s.kafka(), s.streams(), meters, registrar::decides);
                thread(RoleName.LEARNER, meters, guard::run);
                Trials trials =
                        new Trials(s.kafka(), s.streams(), networks, engine, registrar::decides, Duration.ofMinutes(1));
                thread(RoleName.LEARNER, meters, trials::run);
                Learner learner = new Learner(s.kafka(), s.streams(), networks, engine, meters, s.instance());
                thread(RoleName.LEARNER, meters, learner::run);
            }
            if (roles.contains(RoleName.WORKER)) {
                Places.settle(
                        s.kafka(),
                        s.kafka().names().role(RoleName.WORKER.toString()),
                        List.of(s.kafka().names().samples()),
                        Beginning.EARLIEST,
                        s.acceptsLoss());
                ScoringWorker worker =
                        new ScoringWorker(s.kafka(), s.streams(), networks, engine, meters, s.instance());
                thread(RoleName.WORKER, meters, worker::run);
            }
            if (roles.contains(RoleName.RETRAIN)) {
                thread(RoleName.RETRAIN, meters, running -> retrain(s, networks, engine, meters, running));
            }
        }
        if (roles.contains(RoleName.VERDICT)) {
            VerdictRole verdict = VerdictRole.start(
                    s.kafka(),
                    s.streams(),
                    meters,
                    new VerdictRole.Settings(
                            1,
                            Duration.ofMillis(100),
                            0,
                            s.acceptsLoss(),
                            s.stateFolder().resolve("verdict")));
            closing.push(verdict);
            health.add(() -> verdict.isHealthy() || failed(RoleName.VERDICT, verdict.failure()));
        }
        if (roles.contains(RoleName.INGEST)) {
            IngestRole ingest = IngestRole.start(
                    s.kafka(),
                    s.streams(),
                    stream -> contextRows(stream, s.zoo()),
                    meters,
                    new IngestRole.Settings(
                            1,
                            Duration.ofMillis(100),
                            0,
                            -1,
                            s.start(),
                            s.acceptsLoss(),
                            s.stateFolder().resolve("ingest")));
            closing.push(ingest);
            health.add(() -> ingest.isHealthy() || failed(RoleName.INGEST, ingest.failure()));
        }
    }

    private static void retrain(
            NodeSettings s, Map<String, NetworkSpec> networks, Engine engine, Meters meters, BooleanSupplier running)
            throws InterruptedException {
        Map<String, StreamSpec> streams = new TreeMap<>();
        for (StreamSpec stream : s.streams()) streams.put(stream.name(), stream);
        try (RetrainWorker worker = new RetrainWorker(
                s.kafka(), streams, networks, engine, meters, "retrain-" + s.instance(), JobQueue.open(s.kafka()))) {
            worker.run(running);
        }
    }

    private static int contextRows(StreamSpec stream, Zoo zoo) {
        return stream.networks().stream()
                .mapToInt(network -> zoo.spec(network).rowsToScore())
                .max()
                .orElse(1);
    }

    /** What a role that has a thread of its own does with it. */
    private interface Duty {
        void run(BooleanSupplier running) throws InterruptedException;
    }

    private void thread(RoleName role, Meters meters, Duty duty) {
        Meters.Level up = meters.level(MeterName.ROLE_UP, role.toString());
        Thread thread = new Thread(
                () -> {
                    up.set(1);
                    try {
                        duty.run(() -> running);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (RuntimeException | Error e) {
                        LOG.error("The role {} stops", role, e);
                        failed(role, String.valueOf(e.getMessage()));
                    } finally {
                        up.set(0);
                    }
                },
                "role-" + role);
        thread.start();
        closing.push(() -> {
            running = false;
            thread.join(JOIN_MS);
            if (!thread.isAlive()) return;
            LOG.warn("The role {} has not stopped within {} s and is interrupted", role, JOIN_MS / 1000);
            thread.interrupt();
            // the engine is closed next, and must not be in use then
            thread.join(JOIN_MS);
        });
    }

    private boolean failed(RoleName role, String why) {
        if (failure.isEmpty()) failure = role + ": " + why;
        return false;
    }

    /** Whether every role does its work, or is about to. */
    public boolean isHealthy() {
        boolean healthy = true;
        for (BooleanSupplier one : health) healthy &= one.getAsBoolean();
        return healthy && failure.isEmpty();
    }

    /** The role that failed first and why; empty while none has. */
    public String failure() {
        return failure;
    }

    /**
     * Waits.
     *
     * @return true when a role failed, false when the latch was counted down first
     */
    public boolean awaitFailureOr(CountDownLatch stop) throws InterruptedException {
        while (!stop.await(CHECK_MS, TimeUnit.MILLISECONDS)) {
            if (!isHealthy()) return true;
        }
        return false;
    }

    @Override
    public void close() {
        running = false;
        while (!closing.isEmpty()) {
            try {
                closing.pop().close();
            } catch (Exception e) {
                LOG.warn("A role did not stop cleanly", e);
            }
        }
    }
}
