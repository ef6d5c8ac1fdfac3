/** Choosing how a network is trained: learning-rate range test, random search with successive halving, local refinement. */
@org.jspecify.annotations.NullMarked
package io.tidemark.learn.tuning;
