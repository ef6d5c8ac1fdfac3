/** Benchmarks of the whole product, each figure beside a reference measured in the same run. */
@org.jspecify.annotations.NullMarked
package io.tidemark.app.bench;
