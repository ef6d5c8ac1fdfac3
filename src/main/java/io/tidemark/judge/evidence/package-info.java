/** How surprising each kind of change is in one series, and how rarely all of them together are as surprising. */
@org.jspecify.annotations.NullMarked
package io.tidemark.judge.evidence;
