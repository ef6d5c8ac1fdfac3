/** Samples through networks: what every champion says of a batch. */
@org.jspecify.annotations.NullMarked
package io.tidemark.model.inference;
