package io.tidemark.kafka.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Creates and checks the topics that Tidemark needs.
 *
 * <p>Only partition counts of existing topics are compared; their replication and settings are their owner's business.
 *
 * <p>A topic counts as ready only when {@code Admin.listOffsets} succeeds for every partition: a producer that bursts between
 * the creation of a topic and that moment can lose records (KAFKA-15591).
 */
public final class Topics {
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Admin admin;
    private final Duration within;

    /**
     * @param admin stays the caller's
     * @param within the longest that one call here may take
     */
    public Topics(Admin admin, Duration within) {
        this.admin = admin;
        this.within = within;
    }

    /** The topics of this list that the cluster lacks, in order. */
    public List<TopicSpec> missing(List<TopicSpec> wanted) {
        Map<String, TopicDescription> present = describe(wanted);
        return wanted.stream()
                .filter(topic -> !present.containsKey(topic.name()))
                .toList();
    }

    /** The partitions of a topic; 0 when there is none. */
    public int partitions(String topic) {
        TopicDescription found = describe(List.of(TopicSpec.of(topic, 1))).get(topic);
        return found == null ? 0 : found.partitions().size();
    }

    /**
     * Creates the absent topics and returns when every partition of every topic takes records.
     *
     * @return the topics that were absent
     * @throws BrokerException naming every topic whose partition count differs from the declared one; nothing is created then
     */
    public List<TopicSpec> create(List<TopicSpec> wanted) {
        List<TopicSpec> absent = check(wanted);
        Map<String, KafkaFuture<Void>> created = admin.createTopics(absent.stream()
                        .map(topic -> new NewTopic(topic.name(), topic.partitions(), topic.replication())
                                .configs(topic.configs()))
                        .toList())
                .values();
        created.forEach((name, future) -> {
            try {
                get(future, "create topic " + name);
            } catch (BrokerException failed) {
                if (!isCause(failed, TopicExistsException.class)) {
                    throw failed;
                }
            }
        });
        if (!absent.isEmpty()) {
            awaitReady(absent);
            // Another process may have created one in the same moment, with another count.
            check(wanted);
        }
        awaitReady(wanted);
        return absent;
    }

    /**
     * The {@code create: false} way: creates nothing and returns when every partition of every topic takes records.
     *
     * @param bootstrap for the printed commands
     * @throws BrokerException naming the commands that create the absent topics, or the topics whose partition count differs
     */
    public void require(List<TopicSpec> wanted, String bootstrap) {
        List<TopicSpec> absent = check(wanted);
        if (!absent.isEmpty()) {
            throw new BrokerException(
                    absent.size() + " topics are missing and create is false; have them created with:\n"
                            + commands(absent, bootstrap).stream().collect(Collectors.joining("\n")));
        }
        awaitReady(wanted);
    }

    /** One {@code kafka-topics.sh} command for each topic. */
    public static List<String> commands(List<TopicSpec> topics, String bootstrap) {
        return topics.stream().map(topic -> topic.command(bootstrap)).toList();
    }

    private List<TopicSpec> check(List<TopicSpec> wanted) {
        Map<String, TopicDescription> present = describe(wanted);
        List<String> different = new ArrayList<>();
        List<TopicSpec> absent = new ArrayList<>();
        for (TopicSpec topic : wanted) {
            TopicDescription found = present.get(topic.name());
            if (found == null) {
                absent.add(topic);
            } else if (found.partitions().size() != topic.partitions()) {
                different.add("topic " + topic.name() + " has "
                        + found.partitions().size() + " partitions but " + topic.partitions() + " are declared");
            }
        }
        if (!different.isEmpty()) {
            throw new BrokerException(
                    String.join("; ", different)
                            + "; declare the count that exists, or use another prefix: a changed count would send keys elsewhere");
        }
        return absent;
    }

    private Map<String, TopicDescription> describe(List<TopicSpec> wanted) {
        Map<String, TopicDescription> present = new HashMap<>();
        admin.describeTopics(wanted.stream().map(TopicSpec::name).distinct().toList())
                .topicNameValues()
                .forEach((name, future) -> {
                    try {
                        present.put(name, get(future, "describe topic " + name));
                    } catch (BrokerException failed) {
                        if (!isCause(failed, UnknownTopicOrPartitionException.class)) {
                            throw failed;
                        }
                    }
                });
        return present;
    }

    private void awaitReady(List<TopicSpec> topics) {
        Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
        for (TopicSpec topic : topics) {
            for (int partition = 0; partition < topic.partitions(); partition++) {
                partitions.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
            }
        }
        long start = System.nanoTime();
        while (true) {
            try {
                get(admin.listOffsets(partitions).all(), "list the offsets of the topics");
                return;
            } catch (BrokerException failed) {
                boolean late = System.nanoTime() - start >= within.toNanos();
                if (late || !isCause(failed, RetriableException.class)) {
                    throw failed;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private <T> T get(KafkaFuture<T> future, String what) {
        try {
            return future.get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            Throwable inner = failed.getCause();
            Throwable cause = inner == null ? failed : inner;
            throw new BrokerException("could not " + what + ": " + cause.getMessage(), cause);
        } catch (TimeoutException late) {
            throw new BrokerException(
                    "could not " + what + " within " + within.toSeconds() + " s: no answer from Kafka", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BrokerException("interrupted while waiting to " + what, interrupted);
        }
    }

    private static boolean isCause(BrokerException failed, Class<? extends Throwable> type) {
        return type.isInstance(failed.getCause());
    }
}
