package io.tidemark.app.node;

import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.BrokerException;
import io.tidemark.kafka.client.CommittedOffsets;
import io.tidemark.kafka.client.ExactlyOnceStreams;
import io.tidemark.kafka.client.OffsetReset;
import io.tidemark.kafka.client.RoleContext;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import io.tidemark.model.registry.Guard;
import io.tidemark.model.registry.Registrar;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.Engines;
import io.tidemark.net.engine.StoppableEngine;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.Zoo;
import io.tidemark.role.ingest.IngestRole;
import io.tidemark.role.learner.ChallengerEvaluator;
import io.tidemark.role.learner.Learner;
import io.tidemark.role.notify.NotifyRole;
import io.tidemark.role.retrain.JobQueue;
import io.tidemark.role.retrain.RetrainWorker;
import io.tidemark.role.verdict.VerdictRole;
import io.tidemark.role.worker.ScoringWorker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The roles of one process.
 *
 * <p>Started together; stopped one after another, the engine last. What a stopped role has not answered is answered after the
 * next start, from the offsets of its last transaction. A role that ends for a cause that can pass is started again in place; one that fails for another makes the
 * node unhealthy, and the process ends: what supervises it starts it again. Safe for any thread.
 */
public final class Node implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final long CHECK_MS = 200;
    /** To finish and commit after being told to stop; within what a process is given to stop. */
    private static final Duration FINISH_WITHIN = Duration.ofSeconds(5);

    private static final Duration JOIN_WITHIN = Duration.ofSeconds(8);

    private final Deque<AutoCloseable> closing = new ArrayDeque<>();
    private volatile String failure = "";
    private final List<RoleThread> threads = new ArrayList<>();
    private @Nullable StoppableEngine stoppable;

    private static final InstantSource CLOCK = InstantSource.system();

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
        Map<String, NetworkSpec> networks = s.declared().zoo().specs();
        if (roles.contains(RoleName.WORKER) || roles.contains(RoleName.LEARNER) || roles.contains(RoleName.RETRAIN)) {
            StoppableEngine engine = new StoppableEngine(
                    Engines.open(s.compute().engine(), s.compute().device()));
            closing.push(engine);
            stoppable = engine;
            meters.level(
                            MeterName.ENGINE,
                            engine.info().name(),
                            engine.info().device(),
                            s.compute().engine())
                    .set(1);
            if (roles.contains(RoleName.LEARNER)) learner(s, networks, engine, meters);
            if (roles.contains(RoleName.WORKER)) {
                thread(RoleName.WORKER, "", meters, running -> score(s, networks, engine, meters, running));
            }
            if (roles.contains(RoleName.RETRAIN)) {
                thread(RoleName.RETRAIN, "", meters, running -> retrain(s, networks, engine, meters, running));
            }
        }
        if (roles.contains(RoleName.VERDICT))
            thread(RoleName.VERDICT, "", meters, running -> judge(s, meters, running));
        if (roles.contains(RoleName.NOTIFY)) notifications(s, meters);
        if (roles.contains(RoleName.INGEST)) thread(RoleName.INGEST, "", meters, running -> ingest(s, meters, running));
    }

    private static void score(
            NodeSettings s, Map<String, NetworkSpec> networks, Engine engine, Meters meters, BooleanSupplier running)
            throws InterruptedException {
        CommittedOffsets.settle(
                s.kafka(),
                s.kafka().names().role(RoleName.WORKER.toString()),
                List.of(s.kafka().names().samples()),
                OffsetReset.EARLIEST,
                s.acceptsLoss());
        new ScoringWorker(s.kafka(), s.declared().streams(), networks, engine, meters, s.instance(), CLOCK)
                .run(running);
    }

    private static void judge(NodeSettings s, Meters meters, BooleanSupplier running) throws InterruptedException {
        try (VerdictRole verdict = VerdictRole.start(
                s.kafka(),
                s.declared().streams(),
                meters,
                new VerdictRole.Settings(
                        1,
                        ExactlyOnceStreams.COMMIT_INTERVAL,
                        0,
                        s.acceptsLoss(),
                        s.stateFolder().resolve("verdict")),
                CLOCK)) {
            watch(verdict::isHealthy, verdict::failure, running);
        }
    }

    private static void ingest(NodeSettings s, Meters meters, BooleanSupplier running) throws InterruptedException {
        try (IngestRole ingest = IngestRole.start(
                s.kafka(),
                s.declared().streams(),
                stream -> contextRows(stream, s.declared().zoo()),
                meters,
                new IngestRole.Settings(
                        1,
                        ExactlyOnceStreams.COMMIT_INTERVAL,
                        0,
                        -1,
                        s.start(),
                        s.acceptsLoss(),
                        s.stateFolder().resolve("ingest")),
                CLOCK)) {
            watch(ingest::isHealthy, ingest::failure, running);
        }
    }

    /** Until a role of Kafka Streams, which works in threads of its own, is to end; what it cannot go on from is thrown. */
    private static void watch(BooleanSupplier healthy, Supplier<String> why, BooleanSupplier running)
            throws InterruptedException {
        while (running.getAsBoolean()) {
            if (!healthy.getAsBoolean()) throw new BrokerException(why.get());
            Thread.sleep(CHECK_MS);
        }
    }

    /** A thread for each receiver, so that one that is away delays nobody else. */
    private void notifications(NodeSettings s, Meters meters) {
        List<NotifyRole> receivers = s.receivers().receivers().stream()
                .map(to -> new NotifyRole(context(s, s.instance(), meters), to, System.getenv()))
                .toList();
        for (int i = 0; i < receivers.size(); i++) {
            String name = s.receivers().receivers().get(i).name();
            thread(RoleName.NOTIFY, name, meters, receivers.get(i)::run);
        }
    }

    private static void retrain(
            NodeSettings s, Map<String, NetworkSpec> networks, Engine engine, Meters meters, BooleanSupplier running)
            throws InterruptedException {
        Map<String, StreamSpec> streams = new TreeMap<>();
        for (StreamSpec stream : s.declared().streams()) streams.put(stream.name(), stream);
        RoleContext context = context(s, "retrain-" + s.instance(), meters);
        try (RetrainWorker worker = new RetrainWorker(context, streams, networks, engine, JobQueue.open(s.kafka()))) {
            worker.run(running);
        }
    }

    private static int contextRows(StreamSpec stream, Zoo zoo) {
        return stream.networks().stream()
                .mapToInt(network -> zoo.spec(network).rowsToScore())
                .max()
                .orElse(1);
    }

    private void learner(NodeSettings s, Map<String, NetworkSpec> networks, Engine engine, Meters meters) {
        AtomicReference<@Nullable Registrar> registrar = new AtomicReference<>();
        BooleanSupplier decides = () -> {
            Registrar now = registrar.get();
            return now != null && now.decides();
        };
        thread(RoleName.LEARNER, "registrar", meters, running -> {
            Registrar started = new Registrar(s.kafka(), meters, s.instance());
            registrar.set(started);
            try {
                started.run(running);
            } finally {
                registrar.set(null);
            }
        });
        thread(
                RoleName.LEARNER,
                "guard",
                meters,
                running ->
                        new Guard(context(s, s.instance(), meters), s.declared().streams(), decides).run(running));
        ChallengerEvaluator trials = new ChallengerEvaluator(
                context(s, s.instance(), meters),
                s.declared().streams(),
                networks,
                engine,
                decides,
                Duration.ofMinutes(1));
        thread(RoleName.LEARNER, "trials", meters, trials::run);
        thread(
                RoleName.LEARNER,
                "",
                meters,
                running -> new Learner(
                                context(s, s.instance(), meters), s.declared().streams(), networks, engine)
                        .run(running));
    }

    private static RoleContext context(NodeSettings s, String instance, Meters meters) {
        return new RoleContext(s.kafka(), meters, instance, CLOCK);
    }

    private void thread(RoleName role, String part, Meters meters, RoleThread.Duty duty) {
        Meters.Level up = meters.level(MeterName.ROLE_UP, role.toString());
        String name = role + (part.isEmpty() ? "" : "-" + part);
        RoleThread thread = new RoleThread(name, duty, up, RoleThread.Pauses.DEFAULT, why -> failed(role, why));
        threads.add(thread);
        closing.push(() -> end(thread));
    }

    /** Time to commit first; then between two steps; then whatever it does. */
    private void end(RoleThread thread) throws InterruptedException {
        threads.forEach(RoleThread::stop);
        if (thread.join(FINISH_WITHIN)) return;
        StoppableEngine engine = stoppable;
        if (engine != null) engine.stop();
        if (thread.join(JOIN_WITHIN)) return;
        LOG.warn("The role {} has not stopped and is interrupted", thread.name());
        thread.interrupt();
        // the engine is closed next, and must not be in use then
        thread.join(JOIN_WITHIN);
    }

    /** How each part of a role ended, one sentence each; for after {@link #close}. */
    public List<String> ended() {
        return threads.stream()
                .map(thread -> thread.name() + ": " + thread.ended())
                .toList();
    }

    private void failed(RoleName role, String why) {
        if (failure.isEmpty()) failure = role + ": " + why;
    }

    /** Whether every role does its work, or is about to. */
    public boolean isHealthy() {
        return failure.isEmpty();
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
        threads.forEach(RoleThread::stop);
        while (!closing.isEmpty()) {
            try {
                closing.pop().close();
            } catch (Exception e) {
                LOG.warn("A role did not stop cleanly", e);
            }
        }
    }
}
