package io.tidemark.app.replay;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One image file as a frame of a series.
 *
 * @param name the path below the folder, with {@code /} between folders
 * @param series the series key
 */
public record FrameFiles(Path path, String name, String series) {
    /** Files that look like images. */
    public static final String IMAGES = "*.{png,jpg,jpeg,bmp,tif,tiff,webp}";
    /** A file's folder is its series. */
    public static final String BY_FOLDER = "folder";
    /** Each file is a series. */
    public static final String BY_FILE = "file";

    /**
     * Every matching file below a folder, by name; a file stands for itself.
     *
     * @param match a glob over file names, of any case
     * @param series {@link #BY_FOLDER}, {@link #BY_FILE}, or the series of all
     */
    public static List<FrameFiles> below(Path root, String match, String series) throws IOException {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + match.toLowerCase(Locale.ROOT));
        boolean single = Files.isRegularFile(root);
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(Files::isRegularFile)
                    .filter(path -> matcher.matches(
                            Path.of(path.getFileName().toString().toLowerCase(Locale.ROOT))))
                    .map(path -> of(root, single, path, series))
                    .sorted((a, b) -> a.name().compareTo(b.name()))
                    .toList();
        }
    }

    private static FrameFiles of(Path root, boolean single, Path path, String series) {
        Path folderOfAll = root.toAbsolutePath().normalize();
        if (single) folderOfAll = folderOfAll.resolveSibling("").normalize();
        String name =
                (single ? path.getFileName() : root.relativize(path)).toString().replace('\\', '/');
        int slash = name.lastIndexOf('/');
        String folder = slash < 0 ? String.valueOf(folderOfAll.getFileName()) : name.substring(0, slash);
        String key = switch (series) {
            case BY_FOLDER -> folder;
            case BY_FILE -> name;
            default -> series;
        };
        return new FrameFiles(path, name, key);
    }

    /** The media type by the file's ending. */
    public String contentType() {
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return switch (ending) {
            case "jpg", "jpeg" -> "image/jpeg";
            case "tif", "tiff" -> "image/tiff";
            case "png", "bmp", "webp" -> "image/" + ending;
            default -> "application/octet-stream";
        };
    }
}
