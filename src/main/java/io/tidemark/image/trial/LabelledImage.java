package io.tidemark.image.trial;

/**
 * An image of which a person said what it shows.
 *
 * @param kind the name of its folder, or its class
 * @param number such as the one in its file's name; images with neighbouring numbers may show the same thing
 * @param pixels {@code [channel, row, column]} in [0, 1]
 * @param mask {@code [row, column]}, above 0.5 where it is defective; empty when that is not known
 */
@SuppressWarnings("ArrayRecordComponent")
public record LabelledImage(String kind, long number, float[] pixels, float[] mask) {}
