/** What a network engine must do, over primitive arrays: forward a batch, train on a batch, read and write named state. */
@org.jspecify.annotations.NullMarked
package io.tidemark.net.engine;
