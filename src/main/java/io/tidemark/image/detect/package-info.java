/** What is strange in an image, and where: error maps, regions, banks of normal patches and synthetic defects, over float arrays. */
@org.jspecify.annotations.NullMarked
package io.tidemark.image.detect;
