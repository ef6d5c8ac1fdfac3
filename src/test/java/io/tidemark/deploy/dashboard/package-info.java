/** The definition of the Grafana dashboards, from which the files of {@code dashboards/} are written. */
@org.jspecify.annotations.NullMarked
package io.tidemark.deploy.dashboard;
