/** Windows of the past whose codes lie near that of another. */
@org.jspecify.annotations.NullMarked
package io.tidemark.judge.similar;
