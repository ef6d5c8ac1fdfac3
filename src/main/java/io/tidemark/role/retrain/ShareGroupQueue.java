package io.tidemark.role.retrain;

import io.tidemark.kafka.client.KafkaConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jobs from a share group (KIP-932): one job in hand, acknowledged explicitly, renewed while it is worked on (KIP-1222).
 *
 * <p>The topic has one partition: a share group needs no more to spread jobs, and a consumer that fetches from several holds a
 * job of each. A renewed record comes again with the next poll of the same consumer; it is the same job, still in hand.
 */
public final class ShareGroupQueue extends HandQueue {
    private static final Logger LOG = LoggerFactory.getLogger(ShareGroupQueue.class);
    private static final int DELIVERIES_MAX = 10;

    private final KafkaShareConsumer<byte[], byte[]> consumer;
    private final Duration lock;

    /** @param lock how long a job stays with a silent worker; the broker takes 15 s to 60 s unless set otherwise */
    public ShareGroupQueue(KafkaConnection connection, String group, String topic, Duration lock) {
        this.lock = lock;
        configure(connection, group, lock);
        Map<String, Object> settings = new HashMap<>();
        settings.put("group.id", group);
        settings.put("share.acknowledgement.mode", "explicit");
        settings.put("max.poll.records", "1");
        settings.put("share.acquire.mode", "record_limit");
        consumer = connection.shareConsumer(settings);
        consumer.subscribe(List.of(topic));
    }

    /** Whether the brokers have share groups: from Kafka 4.2 on, unless they are turned off. */
    public static boolean supported(KafkaConnection connection) {
        try (Admin admin = connection.admin()) {
            FinalizedVersionRange range = admin.describeFeatures()
                    .featureMetadata()
                    .get()
                    .finalizedFeatures()
                    .get("share.version");
            return range != null && range.maxVersionLevel() >= 1;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnsupportedVersionException) return false;
            throw new KafkaException("the brokers' features cannot be read: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new org.apache.kafka.common.errors.InterruptException(e);
        }
    }

    private static void configure(KafkaConnection connection, String group, Duration lock) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
        List<AlterConfigOp> wanted = List.of(
                set("share.auto.offset.reset", "earliest"),
                set("share.isolation.level", "read_committed"),
                set("share.delivery.count.limit", Integer.toString(DELIVERIES_MAX)),
                set("share.record.lock.duration.ms", Long.toString(lock.toMillis())));
        try (Admin admin = connection.admin()) {
            admin.incrementalAlterConfigs(Map.of(resource, wanted)).all().get();
        } catch (ExecutionException e) {
            throw new KafkaException("share group " + group + " cannot be set up: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new org.apache.kafka.common.errors.InterruptException(e);
        }
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    }

    @Override
    @Nullable
    ConsumerRecord<byte[], byte[]> take(Duration within) {
        ConsumerRecord<byte[], byte[]> taken = null;
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(within)) {
            if (taken == null) {
                taken = record;
                hold(record);
            } else {
                acknowledged(record, AcknowledgeType.RELEASE);
            }
        }
        return taken;
    }

    @Override
    int deliveries(ConsumerRecord<byte[], byte[]> taken) {
        return taken.deliveryCount().orElse((short) 1);
    }

    @Override
    public boolean renew() {
        ConsumerRecord<byte[], byte[]> record = inHand();
        if (!acknowledged(record, AcknowledgeType.RENEW)) {
            letGo();
            return false;
        }
        for (ConsumerRecord<byte[], byte[]> again : consumer.poll(Duration.ofMillis(100))) {
            if (again.offset() == record.offset() && again.partition() == record.partition()) hold(again);
            else acknowledged(again, AcknowledgeType.RELEASE);
        }
        return true;
    }

    @Override
    public void done() {
        finish(AcknowledgeType.ACCEPT);
    }

    @Override
    public void release() {
        finish(AcknowledgeType.RELEASE);
    }

    @Override
    public void reject() {
        finish(AcknowledgeType.REJECT);
    }

    private void finish(AcknowledgeType how) {
        ConsumerRecord<byte[], byte[]> record = inHand();
        letGo();
        acknowledged(record, how);
    }

    /** False when the lock has run out and the job belongs to somebody else. */
    private boolean acknowledged(ConsumerRecord<byte[], byte[]> record, AcknowledgeType how) {
        try {
            consumer.acknowledge(record, how);
            for (Map.Entry<TopicIdPartition, Optional<KafkaException>> one :
                    consumer.commitSync().entrySet()) {
                if (one.getValue().isPresent()) {
                    LOG.warn(
                            "{}@{} is no longer ours: {}",
                            one.getKey(),
                            record.offset(),
                            one.getValue().get().getMessage());
                    return false;
                }
            }
            return true;
        } catch (IllegalStateException e) {
            LOG.warn(
                    "{}-{}@{} is no longer ours: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e.getMessage());
            return false;
        }
    }

    @Override
    public Duration lock() {
        return lock;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
