/** Trained models and learners' checkpoints on compacted topics: written whole in one transaction, read whole or not at all. */
@org.jspecify.annotations.NullMarked
package io.tidemark.model.registry;
