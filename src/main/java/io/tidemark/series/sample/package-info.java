/** The binary records that Tidemark's own topics carry: samples, inferences, training rows and gates. */
@org.jspecify.annotations.NullMarked
package io.tidemark.series.sample;
