/** Batch jobs that retrain the zoo from history: jobs on a queue, workers that take them, reports that people read. */
@org.jspecify.annotations.NullMarked
package io.tidemark.role.retrain;
