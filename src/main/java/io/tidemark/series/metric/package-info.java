/** Points of metrics, as OpenTelemetry's protocol and Prometheus' remote write carry them. */
@org.jspecify.annotations.NullMarked
package io.tidemark.series.metric;
