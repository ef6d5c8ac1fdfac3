package io.tidemark.kafka.client;

/** A broker could not be started or reached, or its topics are not as declared; the message says what to do about it. */
public final class BrokerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BrokerException(String message) {
        super(message);
    }

    public BrokerException(String message, Throwable cause) {
        super(message, cause);
    }
}
