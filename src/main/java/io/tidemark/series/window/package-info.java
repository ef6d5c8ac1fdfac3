/** Events of one series become steps, gaps are filled, and the rows that end with each step become a sample. */
@org.jspecify.annotations.NullMarked
package io.tidemark.series.window;
