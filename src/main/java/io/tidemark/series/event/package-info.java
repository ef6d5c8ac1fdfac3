/** Input records read as events: a series, a time and values, or one reason why not. */
@org.jspecify.annotations.NullMarked
package io.tidemark.series.event;
