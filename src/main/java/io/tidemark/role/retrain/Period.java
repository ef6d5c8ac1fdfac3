package io.tidemark.role.retrain;

/**
 * A stretch of event time.
 *
 * @param fromMs its first millisecond; epoch milliseconds
 * @param toMs the first millisecond behind it; epoch milliseconds
 */
public record Period(long fromMs, long toMs) {}
