package io.tidemark.net.network;

import io.tidemark.config.ImageSpec;
import io.tidemark.config.StreamSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A declared architecture with its training set-up, as a file of {@code topology/zoo/} holds it.
 *
 * @param name in [a-z0-9-], at most 64 characters
 * @param kind what its output means
 * @param input what it reads
 * @param window rows it reads, oldest first; in [1, 4096]; 1 for an image, which counts as one row
 * @param layers at least one, first to last
 * @param training loss, optimiser, schedule and batch
 * @param normalisation what its windows are made relative to; none for an image
 */
public record NetworkSpec(
        String name,
        Kind kind,
        Input input,
        int window,
        Forecast forecast,
        List<Layer> layers,
        TrainingSpec training,
        Normalisation normalisation) {

    /**
     * What a forecaster says.
     *
     * @param horizon rows it forecasts; 0 for an autoencoder, else in [1, 512]
     * @param quantiles ascending, each in (0, 1), with 0.5 among them; empty for an autoencoder
     */
    public record Forecast(int horizon, List<Double> quantiles) {
        /** That of a network that forecasts nothing. */
        public static final Forecast NONE = new Forecast(0, List.of());

        public Forecast {
            quantiles = List.copyOf(quantiles);
        }
    }

    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");

    /** What a network's output means, and so how a sample's error is computed from it. */
    public enum Kind {
        /** Output {@code reconstruction} of the shape of input {@code window}; the error is that of the last row. */
        AUTOENCODER,
        /** Output {@code quantiles} of the rows after the window; the error is that of the first of them. */
        FORECASTER,
        /**
         * Output {@code logits [1, row, column]} of an image: how likely each pixel is to be defective, before the logistic
         * function. Trained on defects that are drawn onto normal images.
         */
        SEGMENTER
    }

    /** What a network reads. */
    public enum Input {
        /** Rows of a series: {@code [step, feature]}. */
        WINDOW,
        /** One image, with values in [0, 1]: {@code [channel, row, column]}. */
        IMAGE
    }

    /** A network of windows. */
    public NetworkSpec(
            String name, Kind kind, int window, Forecast forecast, List<Layer> layers, TrainingSpec training) {
        this(name, kind, Input.WINDOW, window, forecast, layers, training);
    }

    /** A network of windows or images as they are. */
    public NetworkSpec(
            String name,
            Kind kind,
            Input input,
            int window,
            Forecast forecast,
            List<Layer> layers,
            TrainingSpec training) {
        this(name, kind, input, window, forecast, layers, training, Normalisation.NONE);
    }

    /** @throws IllegalArgumentException with every problem, one a line */
    public NetworkSpec {
        layers = List.copyOf(layers);
        List<String> problems = new ArrayList<>();
        if (!NAME.matcher(name).matches()) {
            problems.add("name must be 1 to 64 characters of [a-z0-9-], but was '" + name + "'");
        }
        if (window < 1 || window > 4096) problems.add("window must be in [1, 4096], but was " + window);
        if (layers.isEmpty() || layers.size() > 256) {
            problems.add("layers must be 1 to 256, but were " + layers.size());
        }
        if (input == Input.IMAGE && window != 1) {
            problems.add("window must be left out for input: image, but was " + window);
        }
        checkKind(
                kind,
                input,
                forecast.horizon(),
                forecast.quantiles(),
                training.objective().loss(),
                problems);
        checkTraining(kind, input, layers, training, problems);
        if (normalisation.changes())
            checkNormalisation(kind, input, window, training.objective().loss(), problems);
        if (training.pretraining() == TrainingSpec.Pretraining.LAYER_WISE) checkStages(layers, problems);
        if (!problems.isEmpty()) throw new IllegalArgumentException(String.join("\n", problems));
    }

    private static void checkNormalisation(
            Kind kind, Input input, int window, TrainingSpec.Loss loss, List<String> problems) {
        if (input == Input.IMAGE) problems.add("normalise must be left out for input: image");
        if (kind != Kind.FORECASTER && window < 2) {
            problems.add(
                    "window must be at least 2 for normalise, which needs a row before the last, but was " + window);
        }
        if (loss == TrainingSpec.Loss.BINARY_CROSS_ENTROPY) {
            problems.add(
                    "normalise must be left out for training.loss binary-cross-entropy, whose targets lie in [0, 1]");
        }
    }

    private static void checkStages(List<Layer> layers, List<String> problems) {
        try {
            LayerWise.denseLayers(layers);
        } catch (IllegalArgumentException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
    }

    private static void checkKind(
            Kind kind,
            Input input,
            int horizon,
            List<Double> quantiles,
            TrainingSpec.Loss loss,
            List<String> problems) {
        String noun = kind == Kind.SEGMENTER ? "a segmenter" : "an autoencoder";
        if (kind == Kind.FORECASTER) {
            if (horizon < 1 || horizon > 512) problems.add("horizon must be in [1, 512], but was " + horizon);
            checkQuantiles(quantiles, problems);
            if (loss != TrainingSpec.Loss.QUANTILE) problems.add("training.loss must be quantile for a forecaster");
            if (input == Input.IMAGE) problems.add("input must be window for a forecaster, but was image");
            return;
        }
        if (horizon != 0) problems.add("horizon must be left out for " + noun + ", but was " + horizon);
        if (!quantiles.isEmpty()) problems.add("quantiles must be left out for " + noun);
        if (loss == TrainingSpec.Loss.QUANTILE) {
            problems.add("training.loss quantile is for forecasters; use smooth-l1, mse or mae");
        }
        if (kind == Kind.SEGMENTER) {
            if (input != Input.IMAGE) problems.add("input must be image for a segmenter, but was window");
            if (loss != TrainingSpec.Loss.BINARY_CROSS_ENTROPY) {
                problems.add("training.loss must be binary-cross-entropy for a segmenter");
            }
        }
    }

    private static void checkTraining(
            Kind kind, Input input, List<Layer> layers, TrainingSpec training, List<String> problems) {
        if (input == Input.WINDOW && !training.augmentations().isEmpty()) {
            problems.add(
                    "training.augmentation is for input: image; put gaussian-noise first among the layers instead");
        }
        boolean defects = training.augmentation(AugmentationSpec.Kind.SYNTHETIC_DEFECTS) > 0;
        if (kind != Kind.SEGMENTER && defects) {
            problems.add("training.augmentation.synthetic-defects is for kind: segmenter; leave it out");
        }
        training.method().problem(kind, layers, training.objective().loss()).ifPresent(problems::add);
    }

    private static void checkQuantiles(List<Double> quantiles, List<String> problems) {
        if (quantiles.size() > 99) problems.add("quantiles must be at most 99, but were " + quantiles.size());
        if (!quantiles.contains(0.5)) problems.add("quantiles must hold 0.5, but were " + quantiles);
        double last = 0;
        for (double quantile : quantiles) {
            if (!(quantile > last && quantile < 1)) {
                problems.add("quantiles must ascend within (0, 1), but were " + quantiles);
                return;
            }
            last = quantile;
        }
    }

    /** The same architecture trained otherwise; its weights keep their meaning. */
    public NetworkSpec withTraining(TrainingSpec other) {
        return new NetworkSpec(name, kind, input, window, forecast, layers, other, normalisation);
    }

    /** Rows a sample must hold to be scored by this network: a forecaster needs the row it is asked about too. */
    public int rowsToScore() {
        return kind == Kind.FORECASTER ? window + 1 : window;
    }

    /** Rows a training example spans: window and targets. */
    public int rowsToTrain() {
        return window + forecast.horizon();
    }

    /**
     * Infers and checks every layer's shape for rows of so many features.
     *
     * @throws ShapeException with every problem found, each naming its layer
     */
    public Network bind(int features) {
        return Binding.bind(this, features);
    }

    /**
     * Infers and checks every layer's shape for what a stream gives its networks: rows of its features, or its frames or their tiles.
     *
     * @throws ShapeException with every problem found
     */
    public Network bind(StreamSpec stream) {
        Optional<ImageSpec> image = stream.input().image();
        if (image.isPresent() != (input == Input.IMAGE)) {
            String sentence = image.isPresent()
                    ? "stream " + stream.name() + " has frames; name a network of input: image"
                    : "stream " + stream.name() + " has rows of values; name a network without input: image";
            throw new ShapeException(name, List.of(new ShapeException.Problem(-1, sentence)));
        }
        if (image.isPresent()
                && !image.get().isPlain()
                && (training.objective().loss() == TrainingSpec.Loss.BINARY_CROSS_ENTROPY
                        || !training.augmentations().isEmpty())) {
            String sentence =
                    "loss binary-cross-entropy and augmentations need values in [0, 1]; leave image.normalise out of stream "
                            + stream.name();
            throw new ShapeException(name, List.of(new ShapeException.Problem(-1, sentence)));
        }
        return image.map(i -> bind(i.size().channels(), i.networkHeight(), i.networkWidth()))
                .orElseGet(() -> bind(stream.features()));
    }

    /**
     * Infers and checks every layer's shape for images of so many channels, rows and columns.
     *
     * @throws ShapeException with every problem found, each naming its layer
     */
    public Network bind(int channels, int rows, int columns) {
        return Binding.bind(this, channels, rows, columns);
    }
}
