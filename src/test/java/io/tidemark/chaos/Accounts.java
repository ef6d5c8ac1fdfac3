package io.tidemark.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.Eventually;
import io.tidemark.kafka.client.KafkaConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What must hold when all is over: one outcome of each event, no half model, no version and no report twice. */
final class Accounts {
    private static final long QUIET_SECONDS_MAX = 90;

    private Accounts() {}

    /** Returns when every event that was sent has an outcome, or no more outcomes come. */
    static void awaitOutcomes(EventSource source, OutcomeCount outcomes) {
        long[] last = {-1, System.nanoTime()};
        Eventually.holds(Duration.ofHours(1), "every event has an outcome, or no more come", () -> {
            long now = outcomes.events();
            if (now != last[0]) last[1] = System.nanoTime();
            last[0] = now;
            return now >= source.sent() || System.nanoTime() - last[1] > TimeUnit.SECONDS.toNanos(QUIET_SECONDS_MAX);
        });
    }

    /** Prints what was lost, doubled and kept; an error when anything was lost, doubled or half. */
    static void check(KafkaConnection direct, EventSource source, OutcomeCount outcomes) throws Exception {
        OutcomeCount.Sum sum = new OutcomeCount.Sum(0, 0, new ArrayList<>());
        for (String topic : EventSource.TOPICS) {
            for (int partition = 0; partition < EventSource.PARTITIONS; partition++) {
                sum = sum.plus(outcomes.sum(topic, partition, source.acknowledged(topic, partition)));
            }
        }
        Registry registry = new Registry(direct);
        Registry.Models models = registry.models();
        Map<String, Integer> answers = registry.answers();
        System.out.println("chaos: " + sum.lost() + " lost, " + sum.doubled() + " doubled; " + registry.published()
                + " versions published, " + models.whole().size() + " kept and whole, "
                + models.broken().size() + " broken; " + answers.size() + " retrain jobs answered");
        assertThat(sum.examples()).as("events without exactly one outcome").isEmpty();
        assertThat(models.broken()).as("versions that cannot be loaded").isEmpty();
        assertThat(models.whole()).as("versions").isNotEmpty();
        assertThat(registry.numberedTwice()).as("version numbers given twice").isEmpty();
        assertThat(models.whole())
                .extracting(version -> version.id() + " " + version.origin().job())
                .doesNotHaveDuplicates();
        assertThat(answers.values()).as("reports of a job").allMatch(count -> count == 1);
    }
}
