package io.tidemark.kafka.client;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a role on Kafka Streams whose thread has failed: a cluster that is away, or a right that is not given yet, is waited for in a new thread, whatever
 * else stops the role. Safe for any thread.
 */
public final class StreamsFailures implements StreamsUncaughtExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(StreamsFailures.class);

    /** Between two threads, so that a cause that lasts is not met a thousand times. */
    private static final long PAUSE_MS_MAX = 5_000;

    private final String role;
    private final KafkaConnection connection;
    private final String group;
    private final AtomicInteger passing = new AtomicInteger();
    private volatile String reason = "";

    /**
     * @param role its name, for the log
     * @param group its application id, for what was lost
     */
    public StreamsFailures(String role, KafkaConnection connection, String group) {
        this.role = role;
        this.connection = connection;
        this.group = group;
    }

    /** Why the role stops; empty while it does not. */
    public String reason() {
        return reason;
    }

    @Override
    public StreamThreadExceptionResponse handle(Throwable failure) {
        // no other process ever has a thread's transactional id, so a new thread begins where the last commit was
        if (RootCause.canPass(failure) || RootCause.isOfOneTransaction(failure) || isBeforePlacing(failure)) {
            long pauseMs = Math.min(PAUSE_MS_MAX, 100L << Math.min(10, passing.getAndIncrement()));
            LOG.warn("The role {} tries again in {} ms: {}", role, pauseMs, RootCause.sentence(failure), failure);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pauseMs));
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        String why = RootCause.sentence(explain(failure));
        if (reason.isEmpty()) reason = why;
        LOG.error("The role {} stops: {}", role, why, failure);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    /**
     * Whether Kafka Streams, about to commit one partition, met others that are new to it and have no place yet. It places them when it
     * polls, and there it says so in a sentence of its own where they may not be placed; here a new thread polls first.
     */
    private static boolean isBeforePlacing(Throwable failure) {
        return failure instanceof StreamsException
                && failure.getCause() instanceof InvalidOffsetException none
                && none.toString().equals(failure.getMessage());
    }

    private Throwable explain(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof OffsetOutOfRangeException lost) {
                try {
                    return CommittedOffsets.lost(connection, group, lost.offsetOutOfRangePartitions());
                } catch (BrokerException silent) {
                    LOG.warn("it is unknown how much was lost: {}", silent.getMessage());
                }
            }
        }
        return failure;
    }
}
