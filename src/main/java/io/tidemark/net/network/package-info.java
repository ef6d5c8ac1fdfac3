/** Architectures as data: layers as sealed records, shapes inferred and checked before anything runs. */
@org.jspecify.annotations.NullMarked
package io.tidemark.net.network;
