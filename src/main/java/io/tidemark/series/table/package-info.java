/** Rows of text as cells: the one reader and the one writer of CSV, for records and for files. */
@org.jspecify.annotations.NullMarked
package io.tidemark.series.table;
