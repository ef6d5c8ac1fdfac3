/** Schemas of Avro and Protobuf: where they are, and records read by them as trees. */
@org.jspecify.annotations.NullMarked
package io.tidemark.series.schema;
