/** When a series is in alert: the state machine over its scores. */
@org.jspecify.annotations.NullMarked
package io.tidemark.judge.alert;
