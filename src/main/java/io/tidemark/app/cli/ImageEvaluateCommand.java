package io.tidemark.app.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.app.console.Progress;
import io.tidemark.config.ImageSpec;
import io.tidemark.image.trial.DetectorEvaluation;
import io.tidemark.image.trial.LabelledFolders;
import io.tidemark.image.trial.LabelledImage;
import io.tidemark.image.trial.OneClass;
import io.tidemark.image.trial.SplitTrials;
import io.tidemark.learn.fit.Fit;
import io.tidemark.learn.pixels.ImageShape;
import io.tidemark.net.engine.Engine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark image evaluate}: how well a set-up finds labelled defects. */
@Command(
        name = "evaluate",
        header = "Rates a detector on labelled images.",
        description = {
            "Trains a detector on good images and rates it on labelled ones: areas under the ROC curve of images and of pixels,",
            "for each kind of defect. Labels rate; they never teach.",
            "",
            "DIR holds a folder of images for each kind, with the mask of a defect beside its image as NAME.png; good images are",
            "split by groups, so that pictures of the same thing lie on one side, and the leak control (1 - the largest",
            "correlation with a taught image, which detects nothing) stands beside. Or DIR holds the four IDX files of a",
            "data set such as MNIST: each class in turn is the good one."
        },
        footer = {
            "",
            "Examples:",
            "  tidemark image evaluate --data mnist --network image-one-class --bank --steps 700",
            "  tidemark image evaluate --data magnetic-tile --good MT_Free --stream tiles"
        })
final class ImageEvaluateCommand extends CliCommand {
    @Mixin
    private ImageTeachingOptions teaching = new ImageTeachingOptions();

    @Option(names = "--data", required = true, paramLabel = "DIR", description = "the labelled images")
    @SuppressWarnings("NullAway.Init")
    private Path data;

    @Option(names = "--good", paramLabel = "KIND", description = "the folder of DIR that holds the good images")
    private @Nullable String good;

    @Option(
            names = "--splits",
            paramLabel = "N",
            defaultValue = "3",
            description = "seeded splits of the good images (default: ${DEFAULT-VALUE})")
    private int splits;

    @Option(
            names = "--share",
            paramLabel = "SHARE",
            defaultValue = "0.8",
            description = "share of the good images to learn from (default: ${DEFAULT-VALUE})")
    private double share;

    @Option(
            names = "--group-gap",
            paramLabel = "N",
            defaultValue = "1000",
            description =
                    "good images whose file names' numbers follow within N are one group (default: ${DEFAULT-VALUE})")
    private long gap;

    @Option(
            names = "--group-correlation",
            paramLabel = "R",
            defaultValue = "0.95",
            description = "so are good images whose 32x32 thumbnails correlate above R (default: ${DEFAULT-VALUE})")
    private double correlation;

    @Mixin
    private JsonOption json = new JsonOption();

    @Override
    public Integer call() throws IOException {
        PrintWriter print = out();
        try (Engine engine = teaching.images().open()) {
            List<DetectorEvaluation> trials = OneClass.is(data) ? classes(engine, print) : splits(engine, print);
            DetectorEvaluation.mean(trials).forEach((kind, areas) -> line(print, "mean", kind, areas, Double.NaN));
        }
        print.flush();
        return 0;
    }

    private List<DetectorEvaluation> classes(Engine engine, PrintWriter print) throws IOException {
        OneClass classes = OneClass.read(data);
        heading(print);
        DetectorEvaluation.Setup setup = new DetectorEvaluation.Setup(
                engine, classes.shape(), teaching.network(classes.shape()), teaching.teaching(0));
        try (Steps steps = new Steps()) {
            return classes.run(setup, steps, trial -> {
                steps.next();
                DetectorEvaluation.Areas areas = trial.kinds().get(DetectorEvaluation.ALL);
                if (areas != null) line(print, trial.name(), DetectorEvaluation.ALL, areas, trial.cpuSeconds());
            });
        }
    }

    private List<DetectorEvaluation> splits(Engine engine, PrintWriter print) throws IOException {
        if (good == null) {
            throw wrong("--good is missing: which folder of " + data + " is good?");
        }
        ImageSpec image = teaching.images().image();
        ImageShape shape = ImageOptions.shape(image);
        List<LabelledImage> labelled = LabelledFolders.read(data, image);
        SplitTrials trials = new SplitTrials(good, gap, correlation, share, splits);
        SplitTrials.Groups groups = trials.groups(shape, labelled);
        if (!json.isGiven()) {
            print.printf(
                    Locale.ROOT,
                    "%d good images in %d groups, %d defects%n",
                    groups.good().size(),
                    groups.count(),
                    groups.defects().size());
        }
        heading(print);
        try (Steps steps = new Steps()) {
            return trials.run(
                    groups,
                    split -> new DetectorEvaluation.Setup(
                            engine, shape, teaching.network(shape), teaching.teaching(split - 1)),
                    steps,
                    trial -> {
                        steps.next();
                        trial.kinds()
                                .forEach((kind, areas) -> line(print, trial.name(), kind, areas, trial.cpuSeconds()));
                    });
        }
    }

    private void heading(PrintWriter print) {
        if (json.isGiven()) return;
        print.printf(
                Locale.ROOT, "%-12s %-20s %8s %8s %8s %8s%n", "trial", "defects", "image", "pixel", "leak", "CPU s");
        print.flush();
    }

    private void line(PrintWriter print, String trial, String kind, DetectorEvaluation.Areas areas, double cpuSeconds) {
        if (json.isGiven()) {
            ObjectNode node =
                    new ObjectMapper().createObjectNode().put("trial", trial).put("defects", kind);
            put(node, "image_auc_roc", areas.image());
            put(node, "pixel_auc_roc", areas.pixel());
            put(node, "leak_auc_roc", areas.leak());
            put(node, "cpu_seconds", cpuSeconds);
            print.println(node);
        } else {
            print.printf(
                    Locale.ROOT,
                    "%-12s %-20s %8s %8s %8s %8s%n",
                    trial,
                    kind,
                    shown(areas.image(), 4),
                    shown(areas.pixel(), 4),
                    shown(areas.leak(), 4),
                    shown(cpuSeconds, 1));
        }
        print.flush();
    }

    private static void put(ObjectNode node, String name, double value) {
        if (!Double.isNaN(value)) node.put(name, value);
    }

    private static String shown(double value, int digits) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    /** Optimiser steps of the trial that runs. */
    private final class Steps implements Fit.Listener, AutoCloseable {
        private Progress progress = open();

        private Progress open() {
            return new Progress(System.err, System.console() != null, "steps", teaching.steps(), System::nanoTime);
        }

        @Override
        public boolean step(long steps, double share, double loss) {
            progress.at(steps);
            return true;
        }

        void next() {
            progress.close();
            progress = open();
        }

        @Override
        public void close() {
            progress.close();
        }
    }
}
