package io.tidemark.app.cli;

import io.tidemark.app.console.Progress;
import io.tidemark.config.ImageSpec;
import io.tidemark.image.decode.ImageDecoder;
import io.tidemark.image.detect.ImageDetector;
import io.tidemark.image.trial.LabelledFolders;
import io.tidemark.learn.fit.Fit;
import io.tidemark.learn.pixels.ImageShape;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.StoppedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark image fit}: teaches a detector by a folder of good images. */
@Command(
        name = "fit",
        description = {
            "Trains a detector on good images alone and writes it into a folder, for image score.",
            "Files that cannot be decoded are named on standard error and left out."
        },
        footer = {
            "",
            "Examples:",
            "  tidemark image fit --stream tiles --good photos/good --model detector",
            "  tidemark image fit --stream tiles --good photos/good --bank-anywhere --model detector"
        })
final class ImageFitCommand extends CliCommand {
    @Mixin
    private ImageTeachingOptions teaching = new ImageTeachingOptions();

    @Option(names = "--good", required = true, paramLabel = "DIR", description = "good images, also in folders below")
    @SuppressWarnings("NullAway.Init")
    private Path good;

    @Option(names = "--model", required = true, paramLabel = "DIR", description = "folder for the detector")
    @SuppressWarnings("NullAway.Init")
    private Path model;

    @Override
    public Integer call() throws IOException {
        ImageSpec image = teaching.images().image();
        ImageShape shape = ImageOptions.shape(image);
        List<float[]> decoded = decode(image);
        PrintWriter print = out();
        AtomicLong steps = new AtomicLong();
        try (Engine engine = teaching.images().open();
                Progress progress = new Progress(
                        System.err, System.console() != null, "steps", teaching.steps(), System::nanoTime);
                ImageDetector detector = teaching.teaching(0)
                        .teach(engine, shape, teaching.network(shape), decoded, listener(progress, steps))) {
            progress.close();
            DetectorFolder.write(model, teaching.name(), detector);
            print.println(decoded.size() + " images taught " + model);
        } catch (StoppedException e) {
            throw new StoppedException(
                    steps + " of " + teaching.steps() + " steps were done, and nothing is written to " + model, e);
        }
        print.flush();
        return 0;
    }

    private static Fit.Listener listener(Progress progress, AtomicLong done) {
        return new Fit.Listener() {
            @Override
            public boolean step(long steps, double share, double loss) {
                done.set(steps);
                progress.at(steps);
                return true;
            }
        };
    }

    private List<float[]> decode(ImageSpec image) throws IOException {
        List<float[]> decoded = new ArrayList<>();
        try (ImageDecoder decoder = new ImageDecoder(image)) {
            for (Path file : LabelledFolders.files(good)) {
                ImageDecoder.Outcome outcome = decoder.decode(Files.readAllBytes(file), "");
                if (outcome instanceof ImageDecoder.Decoded ready) decoded.add(LabelledFolders.pixels(ready.frame()));
                else err().println(file + " is left out: " + outcome);
            }
        }
        return decoded;
    }
}
