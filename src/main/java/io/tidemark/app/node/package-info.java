/** One process: any roles over one connection, started and stopped together. */
@org.jspecify.annotations.NullMarked
package io.tidemark.app.node;
