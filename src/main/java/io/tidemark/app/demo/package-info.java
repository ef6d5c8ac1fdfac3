/** A fleet that breaks on purpose: what {@code tidemark demo} feeds, watches and sums up. */
@org.jspecify.annotations.NullMarked
package io.tidemark.app.demo;
