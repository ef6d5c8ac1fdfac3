package io.tidemark.broker;

import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a role on Kafka Streams whose thread has failed: a cluster that is away is waited for in a new thread, whatever
 * else stops the role. Safe for any thread.
 *
 * @param role its name, for the log
 */
public record StreamsFailures(String role) implements StreamsUncaughtExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(StreamsFailures.class);

    @Override
    public StreamThreadExceptionResponse handle(Throwable failure) {
        if (isRetriable(failure)) {
            LOG.warn("The role {} tries again", role, failure);
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        LOG.error("The role {} stops", role, failure);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    private static boolean isRetriable(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RetriableException) return true;
        }
        return false;
    }
}
