/** Turns the errors and plain values of one series into tail probabilities, a score and a teaching gate. */
@org.jspecify.annotations.NullMarked
package io.tidemark.judge.calibration;
