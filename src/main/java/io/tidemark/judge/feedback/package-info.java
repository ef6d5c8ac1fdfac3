/** What people say of stretches of a series: the public record, and what of it is refused. */
@org.jspecify.annotations.NullMarked
package io.tidemark.judge.feedback;
