package io.tidemark.image.trial;

import io.tidemark.config.ImageSpec;
import io.tidemark.image.decode.ImageDecoder;
import io.tidemark.image.decode.Refusal;
import io.tidemark.series.sample.Frame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Folders of images, one for each kind, as data sets of surface defects come: {@code DATA/KIND/…/NAME.jpg}, with the mask of a
 * defect beside its image as {@code NAME.png}, white where it is defective.
 */
public final class LabelledFolders {
    private static final Pattern NUMBER = Pattern.compile("(\\d{1,18})(?=\\D*$)");
    private static final List<String> ENDINGS = List.of(".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp");

    private LabelledFolders() {}

    /**
     * Reads every image below every folder of a folder, in the order of their names.
     *
     * @param spec how images are made of files
     * @throws IOException when there is none, or one cannot be decoded; names it with its reason
     */
    public static List<LabelledImage> read(Path data, ImageSpec spec) throws IOException {
        List<LabelledImage> images = new ArrayList<>();
        try (ImageDecoder decoder = new ImageDecoder(spec);
                ImageDecoder masks = new ImageDecoder(grey(spec));
                Stream<Path> folders = Files.list(data)) {
            for (Path folder : folders.filter(Files::isDirectory).sorted().toList()) {
                String kind = String.valueOf(folder.getFileName());
                for (Path file : files(folder)) {
                    if (isMask(file)) continue;
                    Path mask = maskOf(file);
                    float[] marked = !mask.equals(file) && Files.exists(mask) ? pixels(mask, masks) : new float[0];
                    images.add(new LabelledImage(kind, number(file), pixels(file, decoder), marked));
                }
            }
        }
        if (images.isEmpty()) {
            throw new IOException(
                    data + " holds no folder with images; expected " + data + "/KIND/NAME.jpg, one KIND of them good");
        }
        return images;
    }

    /** Every image file below a folder, in the order of their paths. */
    public static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> ENDINGS.stream().anyMatch(file.toString().toLowerCase(Locale.ROOT)::endsWith))
                    .sorted()
                    .toList();
        }
    }

    private static boolean isMask(Path file) {
        if (!file.toString().endsWith(".png")) return false;
        for (String ending : ENDINGS) {
            if (!ending.equals(".png") && Files.exists(sibling(file, ending))) return true;
        }
        return false;
    }

    private static Path maskOf(Path file) {
        return sibling(file, ".png");
    }

    private static Path sibling(Path file, String ending) {
        String name = String.valueOf(file.getFileName());
        return file.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ending);
    }

    /** The last number in a file's name; 0 without one. */
    private static long number(Path file) {
        Matcher matcher = NUMBER.matcher(String.valueOf(file.getFileName()).replaceAll("\\.\\w+$", ""));
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    /**
     * The pixels of one file.
     *
     * @return {@code [channel, row, column]} in [0, 1]
     * @throws IOException when it cannot be read or decoded; names it with the reason
     */
    static float[] pixels(Path file, ImageDecoder decoder) throws IOException {
        ImageDecoder.Outcome outcome = decoder.decode(Files.readAllBytes(file), "");
        if (outcome instanceof Refusal refusal) throw new IOException(file + ": " + refusal);
        return pixels(((ImageDecoder.Decoded) outcome).frame());
    }

    /** A frame's pixels as {@code [channel, row, column]} in [0, 1]. */
    public static float[] pixels(Frame frame) {
        byte[] bytes = frame.pixels();
        float[] pixels = new float[bytes.length];
        for (int i = 0; i < bytes.length; i++) pixels[i] = (bytes[i] & 0xFF) / 255f;
        return pixels;
    }

    private static ImageSpec grey(ImageSpec spec) {
        return new ImageSpec(
                new ImageSpec.Size(1, spec.size().width(), spec.size().height()),
                spec.framing(),
                spec.scaling(),
                spec.limits(),
                spec.root(),
                spec.outputs());
    }
}
