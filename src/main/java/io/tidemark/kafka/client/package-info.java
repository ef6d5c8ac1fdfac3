/** Connections, topics, transactions, committed offsets and dead letters. */
@org.jspecify.annotations.NullMarked
package io.tidemark.kafka.client;
