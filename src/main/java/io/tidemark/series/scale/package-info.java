/** What a value of a series is measured from and in: a running robust location and scale for each feature. */
@org.jspecify.annotations.NullMarked
package io.tidemark.series.scale;
