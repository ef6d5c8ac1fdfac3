/** Tidemark: how strange is each event on a Kafka topic. */
@org.jspecify.annotations.NullMarked
package io.tidemark;
