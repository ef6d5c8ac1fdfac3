/** Every meter in one place, and the page that Prometheus scrapes. */
@org.jspecify.annotations.NullMarked
package io.tidemark.metrics;
