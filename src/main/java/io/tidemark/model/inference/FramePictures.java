package io.tidemark.model.inference;

import io.tidemark.config.ImageSpec;
import io.tidemark.image.detect.Box;
import io.tidemark.image.detect.Heat;
import io.tidemark.image.detect.Region;
import io.tidemark.learn.pixels.ErrorMap;
import io.tidemark.learn.pixels.ImageShape;
import io.tidemark.series.sample.Frame;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * The pictures of scored frames that a stream declares: heat maps and reconstructions, as PNG files. One thread.
 *
 * <p>A heat map is red where it reaches what the largest values of recent frames' maps are on average times {@value #USUAL_TIMES}, or its
 * own largest value where that is higher, so that a frame as usual stays cool.
 */
final class FramePictures {
    private static final int REGIONS = 4;
    private static final float USUAL_TIMES = 2;
    private static final float USUAL_RATE = 0.02f;

    private final ImageSpec.Outputs outputs;
    private float usual;

    FramePictures(ImageSpec spec) {
        outputs = spec.outputs();
    }

    boolean areDeclared() {
        return outputs.maps() || outputs.reconstructions();
    }

    void draw(PendingSample sample, FrameJudgement judgement) {
        Frame frame = sample.sample.frame();
        if (frame == null) return;
        if (outputs.maps()) sample.map = map(frame, judgement.map());
        if (outputs.reconstructions()) {
            judgement
                    .reconstruction()
                    .ifPresent(pixels -> sample.reconstruction = Heat.png(fit(picture(frame, pixels))));
        }
    }

    private byte[] map(Frame frame, ErrorMap map) {
        Heat heat = Heat.of(map, USUAL_TIMES * usual);
        float largest = Math.max(0, map.largest());
        usual += (usual == 0 ? 1 : USUAL_RATE) * (largest - usual);
        Box whole = new Box(0, 0, frame.columns(), frame.rows());
        List<Region> regions = Region.of(map, REGIONS);
        return Heat.png(heat.over(picture(frame, frame.pixels()), map, whole, regions, outputs.sideMax()));
    }

    private static BufferedImage picture(Frame frame, byte[] pixels) {
        float[] values = new float[pixels.length];
        for (int i = 0; i < values.length; i++) values[i] = (pixels[i] & 0xFF) / 255f;
        return Heat.picture(new ImageShape(frame.channels(), frame.rows(), frame.columns()), values, 0);
    }

    private BufferedImage fit(BufferedImage picture) {
        double scale = (double) outputs.sideMax() / Math.max(picture.getWidth(), picture.getHeight());
        if (scale >= 1) return picture;
        int width = Math.max(1, (int) Math.round(scale * picture.getWidth()));
        int height = Math.max(1, (int) Math.round(scale * picture.getHeight()));
        BufferedImage smaller = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = smaller.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        pen.drawImage(picture, 0, 0, width, height, null);
        pen.dispose();
        return smaller;
    }
}
