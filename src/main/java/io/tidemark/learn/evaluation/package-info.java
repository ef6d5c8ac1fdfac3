/** How well scores rank labelled rows. */
@org.jspecify.annotations.NullMarked
package io.tidemark.learn.evaluation;
