package io.tidemark.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Makes faults, each printed with its moment: one of roles, one of brokers and one of connections at a time, so that faults of
 * different kinds overlap. What, where and for how long is drawn from a seed. Two brokers are always there: fewer take no writes.
 */
final class FaultInjector {
    private final Installation roles;
    private final Cluster cluster;
    private final OutcomeCount outcomes;
    private final Pace pace;
    private final long began = System.nanoTime();
    private final List<ChaosFault> faults = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    /**
     * @param seed of every draw
     * @param sessionMs after which a silent process is taken for dead
     * @param roleGapMs mean pause between two faults of roles
     * @param otherGapMs mean pause between two faults of brokers, and of connections
     * @param recoveryMs how long the next fault of a sort waits for the recovery from the last
     */
    record Pace(long seed, long sessionMs, long roleGapMs, long otherGapMs, long recoveryMs) {}

    FaultInjector(Installation roles, Cluster cluster, OutcomeCount outcomes, Pace pace) {
        this.roles = roles;
        this.cluster = cluster;
        this.outcomes = outcomes;
        this.pace = pace;
    }

    /**
     * Makes the faults of these rounds again and again until told to stop; the order of a round is drawn, but for that of the rolling
     * restarts: the threshold first, then the window.
     */
    void start(List<ChaosFault.Kind> ofRoles, List<ChaosFault.Kind> ofBrokers, List<ChaosFault.Kind> ofConnections) {
        thread("roles", 1, ofRoles, pace.roleGapMs());
        thread("brokers", 2, ofBrokers, pace.otherGapMs());
        thread("connections", 3, ofConnections, pace.otherGapMs());
    }

    private void thread(String name, int number, List<ChaosFault.Kind> round, long gapMs) {
        Random random = new Random(pace.seed() * 31 + number);
        Thread thread = new Thread(() -> work(round, gapMs, random), "faults-of-" + name);
        threads.add(thread);
        thread.start();
    }

    private void work(List<ChaosFault.Kind> round, long gapMs, Random random) {
        try {
            while (true) {
                List<ChaosFault.Kind> order = new ArrayList<>(round);
                Collections.shuffle(order, random);
                int threshold = order.indexOf(ChaosFault.Kind.ROLLED_THRESHOLD);
                int window = order.indexOf(ChaosFault.Kind.ROLLED_WINDOW);
                if (threshold > window && window >= 0) Collections.swap(order, threshold, window);
                for (ChaosFault.Kind kind : order) {
                    if (stop.await(gapMs / 2 + random.nextInt((int) gapMs), TimeUnit.MILLISECONDS)) return;
                    make(kind, random);
                }
            }
        } catch (InterruptedException | IOException | RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        }
    }

    /** Makes one fault, and waits for the recovery from it as long as the pace says. */
    void make(ChaosFault.Kind kind, Random random) throws IOException, InterruptedException {
        int broker = random.nextInt(Cluster.BROKERS);
        RoleJvm process = roles.processes().get(random.nextInt(roles.processes().size()));
        long millis = 1_000 + random.nextInt(4_000);
        ChaosFault fault = new ChaosFault(kind, target(kind, process, broker));
        print("begins", fault, "");
        switch (kind) {
            case ROLE_KILLED -> roles.killAndRestart(process);
            case ROLE_FROZEN -> {
                process.freeze();
                pause(pace.sessionMs() + millis);
                process.thaw();
            }
            case BROKER_KILLED -> {
                cluster.kill(broker);
                pause(millis);
                cluster.start(broker);
            }
            case BROKER_RESTARTED -> {
                cluster.stop(broker);
                pause(millis);
                cluster.start(broker);
            }
            case PROXY_STALLED -> {
                cluster.proxy(broker).stall();
                pause(2 * millis);
                cluster.proxy(broker).resume();
            }
            case PROXY_RESET -> cluster.proxy(broker).resetAll();
            case ROLLED_THRESHOLD, ROLLED_WINDOW -> roles.roll(kind);
        }
        faults.add(fault);
        outcomes.watch(fault);
        print("is over", fault, "");
        fault.await(pace.recoveryMs());
        print(
                "",
                fault,
                fault.isRecovered()
                        ? String.format(Locale.ROOT, "recovered after %.1f s", fault.recoverySeconds())
                        : "has not recovered yet");
    }

    private static String target(ChaosFault.Kind kind, RoleJvm process, int broker) {
        return switch (kind) {
            case ROLE_KILLED, ROLE_FROZEN -> process.name();
            case ROLLED_THRESHOLD, ROLLED_WINDOW -> "all";
            default -> "broker-" + broker;
        };
    }

    /** The fault's length; cut short when all are to end. */
    private void pause(long millis) throws InterruptedException {
        if (stop.await(millis, TimeUnit.MILLISECONDS)) return;
    }

    private void print(String before, ChaosFault fault, String after) {
        System.out.println(String.format(
                Locale.ROOT,
                "[%7.1f s] %s",
                (System.nanoTime() - began) * 1e-9,
                (fault + " " + before + after).strip()));
    }

    /**
     * Ends what is going on, and returns when nothing is broken any more.
     *
     * @throws AssertionError when a fault could not be made
     */
    void finish() throws InterruptedException {
        stop.countDown();
        for (Thread thread : threads) thread.join();
        Throwable failed = failure.get();
        if (failed != null) throw new AssertionError("a fault could not be made", failed);
    }

    boolean hasFailed() {
        return failure.get() != null;
    }

    /** Those that are over, in the order of their ends. */
    List<ChaosFault> faults() {
        return faults;
    }
}
