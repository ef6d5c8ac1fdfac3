/** Trains one network on a finite set of examples: parts split by time, early stopping, closed forms, and a report of it all. */
@org.jspecify.annotations.NullMarked
package io.tidemark.learn.fit;
