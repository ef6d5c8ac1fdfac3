/** How well a detector of images does on labelled folders, with splits that do not leak. */
@org.jspecify.annotations.NullMarked
package io.tidemark.image.trial;
