/** A real single-node Kafka broker made from the jars on the class path, and the creation and checking of topics on any broker. */
@org.jspecify.annotations.NullMarked
package io.tidemark.broker;
