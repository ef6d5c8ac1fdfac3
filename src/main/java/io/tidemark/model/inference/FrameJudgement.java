package io.tidemark.model.inference;

import io.tidemark.learn.pixels.ErrorMap;
import java.util.Optional;

/**
 * What one network says of one frame.
 *
 * @param error how strange the frame is, at least 0: an autoencoder's {@link io.tidemark.image.detect.PooledError}, a segmenter's
 *     largest logit minus its median
 * @param map how strange each pixel of the sample is: an autoencoder's squared error, a segmenter's chance of a defect
 * @param reconstruction {@code [channel, row, column]}, each 0 to 255, what an autoencoder made of the frame; empty for a segmenter
 */
public record FrameJudgement(float error, ErrorMap map, Optional<byte[]> reconstruction) {}
