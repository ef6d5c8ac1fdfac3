/** Frames from bytes: headers checked against limits before anything is decoded, then upright, cropped and resized pixels. */
@org.jspecify.annotations.NullMarked
package io.tidemark.image.decode;
