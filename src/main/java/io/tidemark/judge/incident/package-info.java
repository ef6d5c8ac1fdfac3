/** Alerts that belong together become incidents: who moved first, how severe it is, and where each stands. */
@org.jspecify.annotations.NullMarked
package io.tidemark.judge.incident;
