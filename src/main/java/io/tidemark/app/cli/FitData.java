package io.tidemark.app.cli;

import io.tidemark.config.StreamSpec;
import io.tidemark.learn.fit.ExampleSet;
import io.tidemark.learn.fit.IdxFile;
import io.tidemark.learn.fit.ImageExamples;
import io.tidemark.learn.fit.Series;
import io.tidemark.learn.fit.SeriesExamples;
import io.tidemark.learn.fit.Standardization;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The files of {@code networks fit}, as the parts that a fit takes. */
final class FitData {
    /**
     * @param validation share of what trains that chooses the best epoch
     * @param testShare share of the data that tests, where no files of their own do
     * @param floor the smallest scale of a feature
     * @param clip the largest |z|
     */
    record Cut(double validation, double testShare, double floor, double clip) {}

    /**
     * One network's data.
     *
     * @param label the series it is of; empty when it is of all
     * @param network bound to the data's size
     * @param columns names of its features; none of images
     * @param parts what trains, what chooses the best epoch, and what is scored once, at the end
     */
    record Job(String label, Network network, List<String> columns, ExampleSet.Parts parts) {}

    private FitData() {}

    /**
     * Images where the network reads images, else series; one job, or one for each series.
     *
     * @param told receives sentences on rows that have no values
     */
    static List<Job> jobs(
            NetworkSpec spec,
            Path data,
            Optional<Path> test,
            Optional<StreamSpec> stream,
            Cut cut,
            boolean each,
            Consumer<String> told)
            throws IOException {
        if (spec.input() == NetworkSpec.Input.IMAGE) return List.of(images(spec, data, test, cut));
        if (IdxFile.is(data)) {
            throw new IOException(data + " holds images, but network " + spec.name()
                    + " reads rows; choose a network of input: image (tidemark networks list)");
        }
        List<SeriesTable> train = SeriesTable.below(data, stream, told);
        List<SeriesTable> tests = test.isPresent() ? SeriesTable.below(test.get(), stream, told) : List.of();
        checkColumns(train, tests);
        if (!each) return List.of(series(spec, "", train, tests, cut));
        List<Job> jobs = new ArrayList<>();
        for (SeriesTable table : train) {
            List<SeriesTable> own = tests.stream()
                    .filter(t -> t.series().equals(table.series()))
                    .toList();
            if (test.isPresent() && own.isEmpty()) {
                throw new IOException(test.get() + " has no file for series " + table.series());
            }
            jobs.add(series(spec, table.series(), List.of(table), own, cut));
        }
        return jobs;
    }

    private static void checkColumns(List<SeriesTable> train, List<SeriesTable> tests) throws IOException {
        List<String> columns = train.get(0).columns();
        for (SeriesTable table : Stream.concat(train.stream(), tests.stream()).toList()) {
            if (!table.columns().equals(columns)) {
                throw new IOException("series " + table.series() + " has the features " + table.columns() + ", but "
                        + train.get(0).series() + " has " + columns + "; all files need the same");
            }
        }
    }

    private static Job series(
            NetworkSpec spec, String label, List<SeriesTable> train, List<SeriesTable> tests, Cut cut) {
        List<String> columns = train.get(0).columns();
        int features = columns.size();
        Network network = spec.bind(features);
        double testShare = tests.isEmpty() ? cut.testShare() : 0;
        Map<String, Standardization> known = new TreeMap<>();
        List<Series> scaled = new ArrayList<>();
        for (SeriesTable table : train) {
            int teaching = teaching(table, cut, testShare);
            Standardization own = Standardization.of(features, table.values(), teaching, cut.floor(), cut.clip());
            known.put(table.series(), own);
            scaled.add(Series.scaled(table.series(), features, own.apply(table.values())));
        }
        double validation = cut.validation() * (1 - testShare);
        ExampleSet.Parts parts = SeriesExamples.split(network, scaled, cut.clip(), validation, testShare);
        if (tests.isEmpty()) return new Job(label, network, columns, parts);
        Standardization pooled = pooled(train, cut);
        List<SeriesExamples.Part> tested = new ArrayList<>();
        for (SeriesTable table : tests) {
            Standardization own = known.getOrDefault(table.series(), pooled);
            tested.add(SeriesExamples.Part.all(Series.scaled(table.series(), features, own.apply(table.values()))));
        }
        ExampleSet test = new SeriesExamples(network, tested, cut.clip());
        return new Job(label, network, columns, new ExampleSet.Parts(parts.train(), parts.validation(), test));
    }

    /** Rows that neither validate nor test. */
    private static int teaching(SeriesTable table, Cut cut, double testShare) {
        return (int) Math.floor(table.rows() * (1 - testShare) * (1 - cut.validation()));
    }

    /** Of the rows that train of all series together, for a test series that none of them is. */
    private static Standardization pooled(List<SeriesTable> train, Cut cut) {
        int features = train.get(0).columns().size();
        int length = train.stream()
                .mapToInt(table -> features * teaching(table, cut, 0))
                .sum();
        double[] all = new double[length];
        int at = 0;
        for (SeriesTable table : train) {
            int count = features * teaching(table, cut, 0);
            System.arraycopy(table.values(), 0, all, at, count);
            at += count;
        }
        return Standardization.of(features, all, length / features, cut.floor(), cut.clip());
    }

    private static Job images(NetworkSpec spec, Path data, Optional<Path> test, Cut cut) throws IOException {
        IdxFile train = IdxFile.read(images(data, "train"));
        Optional<Path> tested = test;
        if (tested.isEmpty() && Files.isDirectory(data))
            tested = idx(data, "t10k").or(() -> idx(data, "test"));
        else if (tested.isPresent()) tested = Optional.of(images(tested.get(), "t10k"));
        Network network = spec.bind(1, train.rows(), train.columns());
        ExampleSet all = new ImageExamples(network, train.pixels());
        double testShare = tested.isPresent() ? 0 : cut.testShare();
        ExampleSet.Parts parts = all.split(cut.validation() * (1 - testShare), testShare);
        if (tested.isEmpty()) return new Job("", network, List.of(), parts);
        IdxFile held = IdxFile.read(tested.get());
        if (held.rows() != train.rows() || held.columns() != train.columns()) {
            throw new IOException(tested.get() + " holds images of " + held.rows() + "x" + held.columns() + ", but "
                    + data + " of " + train.rows() + "x" + train.columns());
        }
        ExampleSet last = new ImageExamples(network, held.pixels());
        return new Job("", network, List.of(), new ExampleSet.Parts(parts.train(), parts.validation(), last));
    }

    private static Path images(Path data, String prefix) throws IOException {
        if (Files.isRegularFile(data)) return data;
        if (!Files.isDirectory(data)) throw new IOException(data + " is neither a file nor a folder");
        return idx(data, prefix)
                .orElseThrow(() -> new IOException(data + " has no file " + prefix
                        + "*idx3-ubyte of images, plain or gzip; name the file itself"));
    }

    private static Optional<Path> idx(Path folder, String prefix) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> String.valueOf(file.getFileName()).matches(prefix + ".*idx3-ubyte(\\.gz)?"))
                    .sorted()
                    .findFirst();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
