package io.tidemark.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.Eventually;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two processes of each role of an older version are replaced one after the other while events flow, on the state, the records and
 * the models that it wrote. {@code -Dupgrade.from=FOLDER} names a checkout of the older version that was built.
 */
class UpgradeIT {
    private static final int RATE = 100;
    private static final int PUBLISH_ROWS = 512;

    private final Path folder = KafkaForTests.temporaryFolder();

    @AfterEach
    void delete() {
        KafkaForTests.delete(folder);
    }

    @Test
    @Timeout(20 * 60)
    void anUpgradeWhileEventsFlowLosesNothing() throws Exception {
        String from = System.getProperty("upgrade.from");
        assumeTrue(from != null, "wants the build of an older version: -Dupgrade.from=FOLDER");
        Path older = Path.of(from, "target").toAbsolutePath();
        String olderClassPath = older.resolve("tidemark.jar") + File.pathSeparator + older.resolve("lib") + "/*";
        Path logs = Files.createDirectories(Path.of("target", "upgrade"));
        try (Cluster cluster = Cluster.start(folder)) {
            KafkaConnection direct = KafkaConnection.to(cluster.directBootstrap());
            EventSource.createTopics(direct);
            try (Installation roles = new Installation(
                    folder,
                    logs,
                    cluster,
                    List.of("ingest,verdict", "worker,learner,retrain"),
                    List.of(),
                    PUBLISH_ROWS,
                    olderClassPath)) {
                roles.awaitStarted();
                try (OutcomeCount outcomes = new OutcomeCount(direct);
                        EventSource source = new EventSource(KafkaConnection.to(cluster.bootstrap()), RATE, 1)) {
                    Registry registry = new Registry(direct);
                    Eventually.holds(Duration.ofMinutes(3), "the older version scores", () -> outcomes.events() > 2000);
                    Eventually.holds(
                            Duration.ofMinutes(3), "the older version publishes", () -> registry.published() > 0);
                    long before = outcomes.events();
                    long models = registry.published();
                    System.out.println(
                            "upgrade: " + before + " outcomes and " + models + " models by the older version");

                    roles.upgrade(System.getProperty("java.class.path"));
                    ChaosFault upgrade = new ChaosFault(ChaosFault.Kind.ROLLED_THRESHOLD, "all");
                    outcomes.watch(upgrade);
                    Eventually.holds(Duration.ofMinutes(3), "outcomes of every partition", () -> upgrade.isRecovered());
                    Eventually.holds(
                            Duration.ofMinutes(3), "the new version publishes", () -> registry.published() > models);

                    source.finish();
                    Accounts.awaitOutcomes(source, outcomes);
                    outcomes.close();
                    System.out.println("upgrade: " + source.sent() + " events, outcomes " + outcomes.byStatus());
                    roles.exits().forEach(exit -> System.out.println("upgrade: " + exit));
                    Accounts.check(direct, source, outcomes);
                    assertThat(roles.exits())
                            .as("processes that ended by themselves")
                            .isEmpty();
                }
            }
        }
    }
}
