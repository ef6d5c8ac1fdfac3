/** How networks learn from a stream: which rows may teach, which batches are drawn, and when a version is worth publishing. */
@org.jspecify.annotations.NullMarked
package io.tidemark.learn.learning;
