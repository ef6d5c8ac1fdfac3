/** The memory of one series, in slots that a store holds one by one. */
@org.jspecify.annotations.NullMarked
package io.tidemark.judge.slots;
