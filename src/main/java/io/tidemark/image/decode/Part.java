package io.tidemark.image.decode;

import io.tidemark.config.ImageSpec;
import io.tidemark.series.event.RejectReason;
import java.util.Optional;

/**
 * The part of an upright frame that fills the sample.
 *
 * @param frameWidth columns of the whole upright frame
 * @param frameHeight rows of the whole upright frame
 */
record Part(int frameWidth, int frameHeight, double left, double top, double width, double height) {

    static Part of(ImageHeader header, ImageSpec spec) throws RefusedException {
        boolean swaps = header.orientation().swaps;
        int frameWidth = swaps ? header.height() : header.width();
        int frameHeight = swaps ? header.width() : header.height();
        Optional<ImageSpec.Crop> crop = spec.framing().crop();
        double left = crop.map(ImageSpec.Crop::x).orElse(0);
        double top = crop.map(ImageSpec.Crop::y).orElse(0);
        double width = crop.map(ImageSpec.Crop::width).orElse(frameWidth);
        double height = crop.map(ImageSpec.Crop::height).orElse(frameHeight);
        if (left + width > frameWidth || top + height > frameHeight) {
            throw new RefusedException(
                    RejectReason.IMAGE_TOO_SMALL,
                    "the frame of " + frameWidth + " x " + frameHeight + " pixels does not hold the declared crop");
        }
        if (spec.framing().fit() == ImageSpec.Fit.COVER) {
            double scale =
                    Math.min(width / spec.size().width(), height / spec.size().height());
            double covered = scale * spec.size().width();
            double coveredHeight = scale * spec.size().height();
            left += (width - covered) / 2;
            top += (height - coveredHeight) / 2;
            width = covered;
            height = coveredHeight;
        }
        return new Part(frameWidth, frameHeight, left, top, width, height);
    }
}
