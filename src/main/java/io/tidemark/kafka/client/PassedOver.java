package io.tidemark.kafka.client;

import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says of a record of Tidemark's own topics, which a role cannot use and passes over, where it lies and why: one log line, and one
 * more in {@code tidemark.records.passed.over}. Safe for any thread.
 */
public final class PassedOver {
    private static final Logger LOG = LoggerFactory.getLogger(PassedOver.class);
    /** Longer reasons are cut in the log and in dead letters: they may quote the record. */
    private static final int REASON_MAX = 300;

    private final String role;
    private final @Nullable Meters meters;

    /**
     * @param role who passes over, such as {@code worker}; a label of the meter
     * @param meters null for a command that shows none
     */
    public PassedOver(String role, @Nullable Meters meters) {
        this.role = role;
        this.meters = meters;
        if (meters != null)
            meters.counter(
                    MeterName.PASSED_OVER, role); // shown as zero from the start, so that a rate has a first sample
    }

    /** Passes over a record. */
    public void tell(ConsumerRecord<?, ?> record, String why) {
        tell(record.topic(), record.partition(), record.offset(), why);
    }

    /** Passes over the record at a place. */
    public void tell(String topic, int partition, long offset, String why) {
        LOG.warn("{} passes over {}-{}@{}: {}", role, topic, partition, offset, cut(why));
        if (meters != null) meters.counter(MeterName.PASSED_OVER, role).increment();
    }

    /** A reason on one line, of bounded length. */
    public static String cut(@Nullable String why) {
        String line = String.valueOf(why).replaceAll("\\s+", " ");
        return line.length() <= REASON_MAX ? line : line.substring(0, REASON_MAX) + " …";
    }
}
