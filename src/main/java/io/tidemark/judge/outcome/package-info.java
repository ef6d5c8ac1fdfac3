/** What Tidemark says: scores, forecasts and alerts, and the verdict of one series that makes them. */
@org.jspecify.annotations.NullMarked
package io.tidemark.judge.outcome;
