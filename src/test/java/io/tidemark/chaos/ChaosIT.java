package io.tidemark.chaos;

import static io.tidemark.chaos.ChaosFault.Kind.BROKER_KILLED;
import static io.tidemark.chaos.ChaosFault.Kind.BROKER_RESTARTED;
import static io.tidemark.chaos.ChaosFault.Kind.PROXY_RESET;
import static io.tidemark.chaos.ChaosFault.Kind.PROXY_STALLED;
import static io.tidemark.chaos.ChaosFault.Kind.ROLE_FROZEN;
import static io.tidemark.chaos.ChaosFault.Kind.ROLE_KILLED;
import static io.tidemark.chaos.ChaosFault.Kind.ROLLED_THRESHOLD;
import static io.tidemark.chaos.ChaosFault.Kind.ROLLED_WINDOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.Eventually;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Nothing is lost, doubled, or half a model, whatever breaks: three brokers behind proxies, two processes of each role, events all
 * the time, and faults drawn from a seed. It runs when asked to. {@code -Dchaos.minutes=60} goes on for an hour, 0 until a fault
 * of each kind was made. A process has two or three roles, so that four are two of each; with {@code -Dchaos.apart=true} each role has two
 * of its own. {@code -Dchaos.seed=N} draws other faults, {@code -Dchaos.rate=N} sends so many events a second.
 */
class ChaosIT {
    private static final int MINUTES = Integer.getInteger("chaos.minutes", 0);
    private static final boolean LONG = MINUTES > 0;
    private static final boolean APART = Boolean.getBoolean("chaos.apart");
    private static final long SEED = Long.getLong("chaos.seed", 1);
    private static final int RATE = Integer.getInteger("chaos.rate", LONG ? 300 : 200);
    private static final long SESSION_MS = APART ? 6_000 : 3_000;

    private static final Set<ChaosFault.Kind> EVERY_KIND = EnumSet.allOf(ChaosFault.Kind.class);

    private static final List<String> CONFIG = List.of(
            "session.timeout.ms=" + SESSION_MS,
            "heartbeat.interval.ms=" + SESSION_MS / 4,
            "transaction.timeout.ms=" + (SESSION_MS + 2_000));

    private final Path folder = KafkaForTests.temporaryFolder();

    @AfterEach
    void delete() {
        KafkaForTests.delete(folder);
    }

    @Test
    @Timeout(value = 180, unit = TimeUnit.MINUTES)
    void nothingIsLostOrDoubledOrHalfWhateverBreaks() throws Exception {
        assumeTrue(
                System.getProperty("chaos.minutes") != null,
                "takes minutes and most of the machine: -Dchaos.minutes=0, or 60 for an hour");
        Path logs = Files.createDirectories(Path.of("target", "chaos"));
        System.out.println("chaos: seed " + SEED + ", " + RATE + " events a second; logs in " + logs);
        long began = System.nanoTime();
        try (Cluster cluster = Cluster.start(folder)) {
            KafkaConnection direct = KafkaConnection.to(cluster.directBootstrap());
            EventSource.createTopics(direct);
            try (Installation roles = new Installation(
                    folder,
                    logs,
                    cluster,
                    APART
                            ? List.of("ingest", "worker", "verdict", "learner", "retrain")
                            : List.of("ingest,verdict", "worker,learner,retrain"),
                    CONFIG,
                    LONG ? 8192 : 1024)) {
                roles.awaitStarted();
                try (OutcomeCount outcomes = new OutcomeCount(direct);
                        EventSource source = new EventSource(KafkaConnection.to(cluster.bootstrap()), RATE, SEED)) {
                    Eventually.holds(Duration.ofMinutes(2), "first outcomes", () -> outcomes.events() > 500);
                    say(began, "all roles run");
                    FaultInjector injector = inject(roles, cluster, outcomes);
                    source.finish();
                    say(began, source.sent() + " events sent");
                    Accounts.awaitOutcomes(source, outcomes);
                    outcomes.close();
                    report(injector, outcomes, roles, source);
                    assertThat(outcomes.unrecovered())
                            .as("faults without recovery")
                            .isEmpty();
                    assertThat(kinds(injector)).isEqualTo(EVERY_KIND);
                    Accounts.check(direct, source, outcomes);
                    assertThat(roles.exits())
                            .as("processes that ended by themselves")
                            .isEmpty();
                    say(began, "checked");
                }
            }
        }
    }

    private static void say(long began, String what) {
        System.out.println("chaos: " + what + " after " + (System.nanoTime() - began) / 1_000_000_000 + " s");
    }

    private FaultInjector inject(Installation roles, Cluster cluster, OutcomeCount outcomes) throws Exception {
        FaultInjector injector = new FaultInjector(
                roles,
                cluster,
                outcomes,
                LONG
                        ? new FaultInjector.Pace(
                                SEED, SESSION_MS, 2_000, APART ? 20_000 : 4_000, APART ? 30_000 : 20_000)
                        : new FaultInjector.Pace(SEED, SESSION_MS, 500, 1_000, 30_000));
        List<ChaosFault.Kind> ofRoles = new ArrayList<>(Collections.nCopies(LONG ? 10 : 2, ROLE_KILLED));
        ofRoles.addAll(Collections.nCopies(LONG ? 5 : 1, ROLE_FROZEN));
        ofRoles.addAll(List.of(ROLLED_THRESHOLD, ROLLED_WINDOW));
        injector.start(ofRoles, List.of(BROKER_KILLED, BROKER_RESTARTED), List.of(PROXY_STALLED, PROXY_RESET));
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
        Eventually.holds(
                Duration.ofMinutes(MINUTES + 10),
                "the faults are made",
                () -> injector.hasFailed()
                        || (System.nanoTime() >= end && kinds(injector).equals(EVERY_KIND)));
        injector.finish();
        return injector;
    }

    private static Set<ChaosFault.Kind> kinds(FaultInjector injector) {
        return injector.faults().stream().map(fault -> fault.kind).collect(Collectors.toSet());
    }

    private static void report(FaultInjector injector, OutcomeCount outcomes, Installation roles, EventSource source) {
        System.out.println("chaos: " + injector.faults().size() + " faults, " + source.sent() + " events, outcomes "
                + outcomes.byStatus());
        System.out.println(ChaosReport.table(injector.faults()));
        System.out.println(
                "chaos: processes that ended by themselves: " + roles.exits().size());
        roles.exits().forEach(exit -> System.out.println("  " + exit));
    }
}
