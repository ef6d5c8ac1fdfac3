package io.tidemark.image.trial;

import io.tidemark.learn.fit.Fit;
import io.tidemark.learn.fit.IdxFile;
import io.tidemark.learn.pixels.ImageShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Images of classes, such as digits: each class in turn is the good one, taught by its training images, and every test image is asked
 * about. All classes use one set-up.
 */
public final class OneClass {
    private final List<LabelledImage> train;
    private final List<LabelledImage> test;
    private final ImageShape shape;

    private OneClass(ImageShape shape, List<LabelledImage> train, List<LabelledImage> test) {
        this.shape = shape;
        this.train = train;
        this.test = test;
    }

    /** Whether a folder holds the four IDX files of a data set such as MNIST. */
    public static boolean is(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> String.valueOf(file.getFileName()).matches("train-images.*idx3.*"));
        }
    }

    /** @throws IOException when one of the four files is absent or damaged */
    public static OneClass read(Path folder) throws IOException {
        IdxFile images = IdxFile.read(find(folder, "train-images.*idx3.*"));
        ImageShape shape = new ImageShape(1, images.rows(), images.columns());
        List<LabelledImage> train = labelled(images, IdxLabels.read(find(folder, "train-labels.*idx1.*")));
        IdxFile asked = IdxFile.read(find(folder, "(t10k|test)-images.*idx3.*"));
        List<LabelledImage> test = labelled(asked, IdxLabels.read(find(folder, "(t10k|test)-labels.*idx1.*")));
        return new OneClass(shape, train, test);
    }

    private static Path find(Path folder, String pattern) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> String.valueOf(file.getFileName()).matches(pattern))
                    .findFirst()
                    .orElseThrow(() -> new IOException(folder + " holds no file named " + pattern));
        }
    }

    private static List<LabelledImage> labelled(IdxFile images, byte[] labels) throws IOException {
        if (labels.length != images.count()) {
            throw new IOException(images.count() + " images do not fit " + labels.length + " labels");
        }
        int pixels = images.rows() * images.columns();
        List<LabelledImage> labelled = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            float[] values = new float[pixels];
            for (int j = 0; j < pixels; j++) values[j] = (images.pixels()[i * pixels + j] & 0xFF) / 255f;
            labelled.add(new LabelledImage(String.valueOf(labels[i] & 0xFF), i, values, new float[0]));
        }
        return labelled;
    }

    public ImageShape shape() {
        return shape;
    }

    /** The classes, ascending. */
    public List<String> classes() {
        return train.stream().map(LabelledImage::kind).distinct().sorted().toList();
    }

    /** One trial for each class. @param each hears of a trial when it is done */
    public List<DetectorEvaluation> run(
            DetectorEvaluation.Setup setup, Fit.Listener listener, Consumer<DetectorEvaluation> each) {
        List<DetectorEvaluation> trials = new ArrayList<>();
        for (String good : classes()) {
            List<float[]> own = train.stream()
                    .filter(image -> image.kind().equals(good))
                    .map(LabelledImage::pixels)
                    .toList();
            DetectorEvaluation trial = DetectorEvaluation.run("class " + good, setup, own, test, good, false, listener);
            trials.add(trial);
            each.accept(trial);
        }
        return trials;
    }
}
