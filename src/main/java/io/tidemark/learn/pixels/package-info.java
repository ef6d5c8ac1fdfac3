/** Images as arrays: their shape, maps of errors over them, and changes made on purpose while they teach (flips, crops, drawn defects). */
@org.jspecify.annotations.NullMarked
package io.tidemark.learn.pixels;
