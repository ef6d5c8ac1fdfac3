package io.tidemark.series.schema;

/** The registry does not answer. Records wait: none is lost, and reading them again later may work. */
public final class SchemaUnavailableException extends RuntimeException {
    SchemaUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
