/** The role ingest: input topics become samples, training rows and status records, on Kafka Streams. */
@org.jspecify.annotations.NullMarked
package io.tidemark.role.ingest;
