/** The Kafka broker of the demo and the tests: in this process or as a child JVM. */
@org.jspecify.annotations.NullMarked
package io.tidemark.kafka.embedded;
