package io.tidemark.learn.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.net.engine.CounterRandom;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.Engines;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.TrainingReplica;
import io.tidemark.net.engine.Weights;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.Transfer;
import io.tidemark.net.network.Zoo;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * Rows that a new machine gives until its network reaches its lasting error, from scratch and from the network of another machine. Runs
 * only where {@code -Dtransfer.data} names the folder of the SMD data set with its {@code train} folder, for it takes minutes.
 *
 * <ol>
 *   <li>Rows of a machine come in the order of time. From the first full batch on, every {@value #ROWS_PER_STEP} rows give one step on
 *       examples drawn from all rows so far, as a young stream's do in the product.
 *   <li>The newest tenth of the rows is held out, and the error is the loss on it. The lasting error of a machine is the mean over the
 *       last tenth of the measurements from scratch; it is reached at the first measurement within 5 % of it.
 *   <li>Each machine begins with the network that the next one, in the order of names, ended with.
 * </ol>
 */
class TransferFigureTest {
    private static final int ROWS_PER_STEP = 8;
    private static final int HELD_OUT = 1024;
    private static final double NEAR = 1.05;

    /** How a network begins. */
    private enum Way {
        SCRATCH,
        WHOLE,
        WHOLE_NEVER_FROZEN,
        ENCODER
    }

    /** One machine's rows: what teaches, in the order of time, and what is held out. */
    private record Machine(String name, ExampleSet train, ExampleSet heldOut, int span) {}

    /** The held-out error after so many rows, and the state at the end. */
    private record Run(TreeMap<Integer, Double> errors, NetworkState last) {
        double lasting() {
            List<Double> all = new ArrayList<>(errors.values());
            return all.subList(all.size() * 9 / 10, all.size()).stream()
                    .mapToDouble(Double::doubleValue)
                    .average()
                    .orElseThrow();
        }

        /** Rows until the error is near another for the first time; all rows when it never is. */
        int reaches(double lasting) {
            for (Map.Entry<Integer, Double> entry : errors.entrySet())
                if (entry.getValue() <= NEAR * lasting) return entry.getKey();
            return errors.lastKey();
        }
    }

    @Test
    void rowsUntilTheLastingErrorWithAndWithoutTransfer() throws IOException {
        String data = System.getProperty("transfer.data");
        if (data == null) System.err.println("TransferFigureTest is skipped: name the data by -Dtransfer.data=DIR");
        assumeTrue(data != null, "it takes minutes; name the data by -Dtransfer.data=DIR");
        String networks = System.getProperty("transfer.networks", "lstm-forecaster,dense-ae-10");
        StreamSpec stream = StreamFile.read(Path.of("topology/examples/smd.yaml"));
        try (Engine engine = Engines.open("djl", new DeviceSpec.Cpu())) {
            for (String name : networks.split(",")) {
                NetworkSpec spec = Zoo.load(Path.of("topology/zoo")).spec(name);
                compare(engine, spec.bind(stream), machines(Path.of(data, "train"), spec.bind(stream), stream));
            }
        }
    }

    private static void compare(Engine engine, Network network, List<Machine> machines) {
        List<Run> scratch = new ArrayList<>();
        for (Machine machine : machines)
            scratch.add(run(engine, network, machine, Way.SCRATCH, engine.initialState(network, 1), 0));
        double[] rows = new double[Way.values().length];
        double[] shares = new double[Way.values().length];
        for (int i = 0; i < machines.size(); i++) {
            NetworkState next = scratch.get((i + 1) % machines.size()).last();
            double lasting = scratch.get(i).lasting();
            StringBuilder line = new StringBuilder(String.format(Locale.ROOT, ", lasting %.4f", lasting));
            for (Way way : Way.values()) {
                Run run = way == Way.SCRATCH
                        ? scratch.get(i)
                        : run(engine, network, machines.get(i), way, next, NEAR * lasting);
                int reached = run.reaches(lasting);
                rows[way.ordinal()] += (double) reached / machines.size();
                shares[way.ordinal()] += (double) reached / scratch.get(i).reaches(lasting) / machines.size();
                assertThat(run.errors().get(reached))
                        .as(way.name())
                        .isPositive()
                        .isFinite();
                line.append(String.format(
                        Locale.ROOT,
                        "; %s %,d rows from %.4f",
                        way.name().toLowerCase(Locale.ROOT),
                        reached,
                        run.errors().firstEntry().getValue()));
            }
            System.err.printf(
                    "%s %s%s%n", network.spec().name(), machines.get(i).name(), line);
        }
        for (Way way : Way.values())
            System.err.printf(
                    Locale.ROOT,
                    "%s, mean of %d: %s %,.0f rows, mean share of those from scratch %.2f%n",
                    network.spec().name(),
                    machines.size(),
                    way.name().toLowerCase(Locale.ROOT),
                    rows[way.ordinal()],
                    shares[way.ordinal()]);
    }

    /** @param enough the error at which it ends; 0 runs through all rows */
    private static Run run(Engine engine, Network network, Machine machine, Way way, NetworkState from, double enough) {
        NetworkState fresh = engine.initialState(network, 1);
        Beginning beginning = Beginning.at(fresh);
        if (way != Way.SCRATCH) {
            Transfer.Part part = way == Way.ENCODER ? Transfer.Part.ENCODER : Transfer.Part.ALL;
            Transfer transfer = Transfer.plan(network, network, part);
            double share = way == Way.WHOLE_NEVER_FROZEN ? 0 : Beginning.SHARE;
            beginning = new Beginning(Weights.carry(transfer.carried(), from, fresh), transfer.encoder(), share);
        }
        TreeMap<Integer, Double> errors = new TreeMap<>();
        int batch = network.training().optimisation().batch();
        int first = machine.span() + batch - 1;
        int rows = machine.train().size() + machine.span() - 1;
        try (TrainingReplica replica = engine.training(network);
                Evaluation evaluation = new Evaluation(engine, network)) {
            replica.load(beginning.state());
            Set<String> held = Set.of();
            CounterRandom random = CounterRandom.of(1, "transfer", 0);
            long drawn = 0;
            String output = network.targets().get(0).name();
            for (int row = first; row <= rows; row += ROWS_PER_STEP) {
                if ((row - first) % (row < 4096 ? 128 : 512) == 0) {
                    NetworkState now = replica.state().weights();
                    double error = evaluation.errors(now, machine.heldOut()).loss();
                    errors.put(row, error);
                    if (error <= enough) break;
                }
                Set<String> frozen = beginning.frozenAt((double) row / rows);
                if (!frozen.equals(held)) replica.freeze(frozen);
                held = frozen;
                int examples = row - machine.span() + 1;
                for (int k = 0; k < batch; k++) {
                    int index = Math.min(examples - 1, (int) (examples * (double) random.uniform(drawn++)));
                    machine.train().copy(index, replica.input(Network.WINDOW), replica.target(output), k);
                }
                assertThat(replica.train(batch)).isFinite();
            }
            return new Run(errors, replica.state());
        }
    }

    private static List<Machine> machines(Path folder, Network network, StreamSpec stream) throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(folder)) {
            files = listed.sorted().toList();
        }
        List<Machine> machines = new ArrayList<>();
        int features = network.features();
        for (Path file : files) {
            double[] values = values(file);
            int rows = values.length / features;
            Standardization scaling = Standardization.of(
                    features,
                    values,
                    rows * 9 / 10,
                    stream.scaling().floor(),
                    stream.scaling().clip());
            Series series = Series.scaled(String.valueOf(file.getFileName()), features, scaling.apply(values));
            ExampleSet.Parts parts = SeriesExamples.split(
                    network, List.of(series), stream.scaling().clip(), 0.1, 0);
            machines.add(new Machine(
                    series.name().replaceAll("\\..*", ""),
                    parts.train(),
                    parts.validation().thinned(HELD_OUT),
                    network.spec().rowsToTrain()));
        }
        return machines;
    }

    private static double[] values(Path file) throws IOException {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.US_ASCII))) {
            return lines.lines()
                    .flatMap(line -> Stream.of(line.split(",")))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
        }
    }
}
