/** The same flow over files, without Kafka: reads series, runs the product's own pure classes, writes scores, and rates them. */
@org.jspecify.annotations.NullMarked
package io.tidemark.app.backtest;
