package io.tidemark.kafka.client;

import io.tidemark.series.schema.SchemaUnavailableException;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.jspecify.annotations.Nullable;

/** What lies at the bottom of a failure, in one line, and whether it can pass by itself. */
public final class RootCause {
    private static final int LENGTH_MAX = 500;
    private static final int DEPTH_MAX = 100;
    /** What Kafka's clients say of the error UNKNOWN_SERVER_ERROR. */
    private static final String UNEXPECTED = "The server experienced an unexpected error";

    private RootCause() {}

    /** The failure's own sentence, and that of what caused it first where the former does not say it; never empty, one line. */
    public static String sentence(Throwable failure) {
        Throwable root = failure;
        for (int depth = 0; root.getCause() != null && depth < DEPTH_MAX; depth++) root = root.getCause();
        String own = line(failure);
        String deep = line(root);
        boolean wrapper = failure.getMessage() == null || failure.getClass() == KafkaException.class;
        String all = root == failure || own.contains(deep) ? own : wrapper ? deep : own + ": " + deep;
        return all.length() <= LENGTH_MAX ? all : all.substring(0, LENGTH_MAX) + " …";
    }

    private static String line(Throwable failure) {
        @Nullable String message = failure.getMessage();
        String name = failure.getClass().getSimpleName();
        if (message == null || message.isBlank()) return name;
        String line = message.strip().replaceAll("\\s+", " ");
        return failure instanceof BrokerException ? line : name + ": " + line;
    }

    /**
     * Whether trying again later may help: a broker or a schema registry is slow or away, a right is still to be given, or the cluster has ended a
     * transaction that nobody else has taken over.
     */
    public static boolean canPass(Throwable failure) {
        return isAny(
                        failure,
                        cause -> cause instanceof RetriableException
                                || cause instanceof TimeoutException
                                || cause instanceof AuthorizationException
                                || isUnexpected(cause)
                                || cause instanceof SchemaUnavailableException)
                || isOfOneTransaction(failure) && !isAny(failure, cause -> cause instanceof ProducerFencedException);
    }

    /** Whether the cluster has ended a transaction that its producer wanted to commit, as it does while a coordinator changes hands; a new producer may go on. */
    static boolean isOfOneTransaction(Throwable failure) {
        return isAny(
                failure,
                cause -> cause instanceof InvalidTxnStateException
                        || cause instanceof InvalidPidMappingException
                        || cause instanceof TransactionAbortableException);
    }

    /**
     * Whether a broker met an error that it did not expect, as one does that is being stopped; a transactional producer tells of it
     * by the sentence alone, and is of no more use then.
     */
    private static boolean isUnexpected(Throwable cause) {
        String message = cause.getMessage();
        return cause instanceof UnknownServerException
                || cause.getClass() == KafkaException.class && message != null && message.contains(UNEXPECTED);
    }

    /** Whether a failure, or what caused it, is of a kind. */
    static boolean isAny(Throwable failure, Predicate<Throwable> kind) {
        @Nullable Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEPTH_MAX; depth++, cause = cause.getCause()) {
            if (kind.test(cause)) return true;
        }
        return false;
    }
}
