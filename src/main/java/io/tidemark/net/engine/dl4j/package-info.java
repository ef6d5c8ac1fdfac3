/** Networks on Deeplearning4j's numeric library ND4J; with {@code engine.djl} the only place that sees a native array. */
@org.jspecify.annotations.NullMarked
package io.tidemark.net.engine.dl4j;
