package io.tidemark.app.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.config.ImageSpec;
import io.tidemark.image.decode.ImageDecoder;
import io.tidemark.image.decode.Refusal;
import io.tidemark.image.detect.Box;
import io.tidemark.image.detect.Heat;
import io.tidemark.image.detect.ImageDetector;
import io.tidemark.image.detect.Region;
import io.tidemark.image.trial.LabelledFolders;
import io.tidemark.learn.pixels.ImageShape;
import io.tidemark.net.engine.Engine;
import io.tidemark.series.sample.Frame;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark image score}: how strange files of images are, and where. */
@Command(
        name = "score",
        header = "Scores image files with a detector that image fit has made.",
        description = {
            "Scores files of images with a detector that image fit has made. A score is 0 for an average good image and counts",
            "in standard deviations of good images; regions are boxes in the file's own pixels, as left,top,width,height with",
            "their share of the error.",
            "A file that cannot be decoded is reported with its reason; the others go on, and the command ends with 1."
        },
        footer = {
            "",
            "Examples:",
            "  tidemark image score photos/new/*.jpg --stream tiles --model detector --map maps",
            "  tidemark image score photos/new --stream tiles --model detector --map maps --plot --json"
        })
final class ImageScoreCommand extends CliCommand {
    /** Files decoded and scored together, so that memory does not grow with their number. */
    private static final int BLOCK = 8;

    @Mixin
    private ImageOptions images = new ImageOptions();

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "files of images, or folders of them")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description = "the folder that image fit has written")
    @SuppressWarnings("NullAway.Init")
    private Path model;

    @Option(names = "--map", paramLabel = "DIR", description = "folder for a heat map over each image, NAME.map.png")
    private @Nullable Path maps;

    @Option(
            names = "--plot",
            description = "put the image as it was scored, its reconstruction and the map side by side in the PNG")
    private boolean plot;

    @Option(
            names = "--size",
            paramLabel = "PIXELS",
            defaultValue = "1024",
            description = "the longest side of a map (default: ${DEFAULT-VALUE})")
    private int size;

    @Option(
            names = "--regions",
            paramLabel = "N",
            defaultValue = "5",
            description = "regions named for an image, the strangest first (default: ${DEFAULT-VALUE})")
    private int regions;

    @Mixin
    private JsonOption json = new JsonOption();

    /** One file on its way. */
    private record Item(Path file, byte[] bytes, Frame frame) {}

    @Override
    public Integer call() throws IOException {
        ImageSpec image = images.image();
        ImageShape shape = ImageOptions.shape(image);
        List<Path> asked = new ArrayList<>();
        for (Path file : files) asked.addAll(Files.isDirectory(file) ? LabelledFolders.files(file) : List.of(file));
        if (maps != null) Files.createDirectories(maps);
        int refused = 0;
        try (Engine engine = images.open();
                ImageDetector detector = DetectorFolder.read(model, images, engine, shape);
                ImageDecoder decoder = new ImageDecoder(image)) {
            for (int from = 0; from < asked.size(); from += BLOCK) {
                List<Item> block = new ArrayList<>();
                for (Path file : asked.subList(from, Math.min(asked.size(), from + BLOCK))) {
                    Optional<Item> item = decode(decoder, file);
                    if (item.isEmpty()) refused++;
                    item.ifPresent(block::add);
                }
                score(detector, block);
            }
        }
        out().flush();
        return refused == 0 ? 0 : 1;
    }

    private Optional<Item> decode(ImageDecoder decoder, Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        ImageDecoder.Outcome outcome = decoder.decode(bytes, "");
        if (outcome instanceof ImageDecoder.Decoded decoded) return Optional.of(new Item(file, bytes, decoded.frame()));
        Refusal refusal = (Refusal) outcome;
        PrintWriter print = out();
        String reason = refusal.reason().label();
        if (json.isGiven()) {
            ObjectNode node = new ObjectMapper().createObjectNode().put("file", file.toString());
            print.println(node.put("status", "rejected").put("reason", reason).put("detail", refusal.detail()));
        } else {
            print.println(file + "  rejected: " + reason + ", " + refusal.detail());
        }
        return Optional.empty();
    }

    private void score(ImageDetector detector, List<Item> block) throws IOException {
        List<ImageDetector.Finding> findings = detector.findings(
                block.stream().map(item -> LabelledFolders.pixels(item.frame)).toList());
        for (int i = 0; i < block.size(); i++) {
            Item item = block.get(i);
            ImageDetector.Finding finding = findings.get(i);
            Box source = source(item.frame);
            List<Region> found = Region.of(finding.map(), regions).stream()
                    .map(region -> region.within(finding.map(), source))
                    .toList();
            print(item.file, finding, found);
            if (maps != null) draw(maps, item, finding, found, detector);
        }
    }

    private static Box source(Frame frame) {
        Frame.Source source = frame.source();
        return new Box(
                Math.round(source.left()),
                Math.round(source.top()),
                Math.max(1, Math.round(source.partWidth())),
                Math.max(1, Math.round(source.partHeight())));
    }

    private void print(Path file, ImageDetector.Finding finding, List<Region> found) {
        PrintWriter print = out();
        if (json.isGiven()) {
            ObjectNode node = new ObjectMapper().createObjectNode().put("file", file.toString());
            node.put("status", "scored").put("score", finding.score());
            ArrayNode list = node.putArray("regions");
            for (Region region : found) {
                Box box = region.box();
                list.addObject()
                        .put("left", box.left())
                        .put("top", box.top())
                        .put("width", box.width())
                        .put("height", box.height())
                        .put("share", region.share());
            }
            print.println(node);
            return;
        }
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%8.2f  %s ", finding.score(), file));
        for (Region region : found) {
            Box box = region.box();
            line.append(String.format(
                    Locale.ROOT,
                    " %d,%d,%d,%d:%.2f",
                    box.left(),
                    box.top(),
                    box.width(),
                    box.height(),
                    region.share()));
        }
        print.println(line);
    }

    private void draw(Path folder, Item item, ImageDetector.Finding finding, List<Region> found, ImageDetector detector)
            throws IOException {
        Heat heat = Heat.of(finding.map(), detector.usual());
        ImageShape shape = detector.shape();
        BufferedImage picture;
        if (plot) {
            List<BufferedImage> row = new ArrayList<>();
            BufferedImage scored = Heat.picture(shape, LabelledFolders.pixels(item.frame), 0);
            row.add(scored);
            finding.reconstruction().ifPresent(values -> row.add(Heat.picture(shape, values, 0)));
            Box whole = new Box(0, 0, shape.columns(), shape.rows());
            row.add(heat.over(
                    scored, shape.columns(), shape.rows(), finding.map(), whole, Region.of(finding.map(), regions)));
            picture = Heat.sideBySide(row);
        } else {
            Frame.Source source = item.frame.source();
            picture = heat.over(whole(item), source.width(), source.height(), finding.map(), source(item.frame), found);
        }
        Path out = folder.resolve(item.file.getFileName() + ".map.png");
        Files.write(out, Heat.png(picture));
    }

    /** The whole frame, upright, at the declared size. */
    private BufferedImage whole(Item item) throws IOException {
        Frame.Source source = item.frame.source();
        double shrink = Heat.shrink(source.width(), source.height(), size);
        ImageSpec image = images.image();
        ImageSpec shown = new ImageSpec(
                new ImageSpec.Size(
                        image.size().channels(),
                        Math.max(1, (int) Math.round(source.width() * shrink)),
                        Math.max(1, (int) Math.round(source.height() * shrink))),
                new ImageSpec.Framing(Optional.empty(), ImageSpec.Fit.STRETCH, Optional.empty()),
                new ImageSpec.Scaling(0, 1),
                image.limits(),
                Optional.empty(),
                image.outputs());
        try (ImageDecoder decoder = new ImageDecoder(shown)) {
            if (decoder.decode(item.bytes, "") instanceof ImageDecoder.Decoded decoded) {
                ImageShape shape = ImageOptions.shape(shown);
                return Heat.picture(shape, LabelledFolders.pixels(decoded.frame()), 0);
            }
        }
        throw new IOException(item.file + " was decoded once, but not again");
    }
}
