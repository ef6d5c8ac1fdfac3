package io.tidemark.net.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.Poison;
import io.tidemark.net.engine.CounterRandom;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.Engines;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.ScoringReplica;
import io.tidemark.net.engine.TrainingReplica;
import io.tidemark.net.engine.WindowNormaliser;
import io.tidemark.net.network.Layer;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.Zoo;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Dl4jFileTest {
    private static final int FEATURES = 2;
    private static final int MUTATED = 500;

    @TempDir
    private Path folder;

    private static List<Network> zoo() {
        List<Network> networks = new ArrayList<>();
        for (Zoo.Entry entry : Zoo.load(Path.of("topology/zoo")).entries().values()) {
            NetworkSpec spec = entry.spec();
            boolean image = spec.input() == NetworkSpec.Input.IMAGE;
            networks.add(image ? spec.bind(1, 16, 16) : spec.bind(FEATURES));
        }
        return networks;
    }

    @Test
    void aPlainProgramGivesWhatTheEngineGives() throws Exception {
        List<String> written = new ArrayList<>();
        try (Engine engine = Engines.open("dl4j", new DeviceSpec.Cpu())) {
            for (Network network : zoo()) {
                if (!Dl4jFile.unsupported(network).isEmpty()) continue;
                String name = network.spec().name();
                written.add(name);
                NetworkState state = shaken(network, engine.initialState(network, 3));
                Path file = folder.resolve(name + ".zip");
                Dl4jFile.write(network, state, file);
                float[] window = new float[network.inputs().get(0).size()];
                CounterRandom random = CounterRandom.of(5, name, 0);
                for (int i = 0; i < window.length; i++) window[i] = random.normal(i);
                float[] expected = scored(engine, network, state, window);
                float[] actual = plain(network, file, window);
                for (int i = 0; i < expected.length; i++) {
                    assertThat(actual[i]).as("%s element %d", name, i).isCloseTo(expected[i], within(1e-4f));
                }
            }
        }
        assertThat(written)
                .contains(
                        "dense-ae",
                        "deep-ae",
                        "pca",
                        "lstm-ae",
                        "lstm-forecaster",
                        "conv-forecaster",
                        "image-dense-ae",
                        "variational-ae");
    }

    /** Biases that are not zero, so that a lost or misplaced one shows. */
    private static NetworkState shaken(Network network, NetworkState state) {
        network.parameters().forEach(parameter -> {
            float[] values = state.tensor(parameter.name()).values();
            CounterRandom random = CounterRandom.of(4, parameter.name(), 0);
            for (int i = 0; i < values.length; i++) values[i] += 0.05f * random.normal(i);
        });
        return state;
    }

    private static float[] scored(Engine engine, Network network, NetworkState state, float[] window) {
        try (ScoringReplica replica = engine.scoring(network, 1)) {
            replica.load(state);
            System.arraycopy(window, 0, replica.input(Network.WINDOW), 0, window.length);
            replica.forward(1);
            return replica.output(network.outputs().get(0).name()).clone();
        }
    }

    /** What the program says, in the engine's order of values, with what the file leaves outside. */
    private static float[] plain(Network network, Path file, float[] window) throws Exception {
        WindowNormaliser normaliser = new WindowNormaliser(network, 1);
        boolean relative = network.spec().normalisation().changes();
        float[] seen = window.clone();
        if (relative) normaliser.window(seen, seen, 0);
        int[] shape = network.inputs().get(0).shape();
        boolean flat = network.layers().stream()
                .map(bound -> bound.layer())
                .filter(layer -> !(layer instanceof Layer.GaussianNoise) && !(layer instanceof Layer.Dropout))
                .findFirst()
                .filter(Layer.Flatten.class::isInstance)
                .isPresent();
        float[] said;
        if (flat) said = PlainProgram.output(file.toFile(), seen, 1, seen.length);
        else if (shape.length == 3) said = PlainProgram.output(file.toFile(), seen, 1, shape[0], shape[1], shape[2]);
        else said = PlainProgram.output(file.toFile(), swapped(seen, shape[0], shape[1]), 1, shape[1], shape[0]);
        boolean steps = network.layers().get(network.layers().size() - 1).output().length == 2;
        if (steps && shape.length == 2) said = swapped(said, shape[1], shape[0]);
        int quantiles = network.spec().forecast().quantiles().size();
        for (int at = 0; quantiles > 0 && at < said.length; at += quantiles) {
            java.util.Arrays.sort(said, at, at + quantiles);
        }
        if (relative) normaliser.absolute(said, 0);
        return said;
    }

    private static float[] swapped(float[] values, int rows, int columns) {
        float[] swapped = new float[values.length];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) swapped[c * rows + r] = values[r * columns + c];
        }
        return swapped;
    }

    @Test
    void whatAPlainProgramTrainedComesBackAndGoesOnLearning() throws Exception {
        List<String> readBack = new ArrayList<>();
        try (Engine engine = Engines.open("dl4j", new DeviceSpec.Cpu())) {
            for (Network network : zoo()) {
                String name = network.spec().name();
                if (!Dl4jFile.unsupported(network).isEmpty() || name.contains("variational")) continue;
                readBack.add(name);
                NetworkState written = shaken(network, engine.initialState(network, 3));
                Path file = folder.resolve(name + ".zip");
                Dl4jFile.write(network, written, file);
                NetworkState read = Dl4jFile.read(network, file);
                network.parameters()
                        .forEach(p -> assertThat(read.tensor(p.name()).values())
                                .as("%s %s", name, p.name())
                                .isEqualTo(written.tensor(p.name()).values()));
            }
            Network network = Zoo.load(Path.of("topology/zoo")).spec("dense-ae").bind(FEATURES);
            Path file = folder.resolve("dense-ae.zip");
            float[] window = new float[network.inputs().get(0).size()];
            for (int i = 0; i < window.length; i++) window[i] = (float) Math.sin(i);
            PlainProgram.train(file.toFile(), window, 1, window.length);
            NetworkState trained = Dl4jFile.read(network, file);
            float[] expected = PlainProgram.output(file.toFile(), window, 1, window.length);
            float[] actual = scored(engine, network, trained, window);
            for (int i = 0; i < expected.length; i++) assertThat(actual[i]).isCloseTo(expected[i], within(1e-4f));
            try (TrainingReplica replica = engine.training(network)) {
                replica.load(trained);
                System.arraycopy(window, 0, replica.input(Network.WINDOW), 0, window.length);
                System.arraycopy(window, 0, replica.target(Network.RECONSTRUCTION), 0, window.length);
                float before = replica.train(1);
                for (int i = 0; i < 20; i++) replica.train(1);
                assertThat(replica.train(1)).isLessThan(before);
            }
        }
        assertThat(readBack).contains("lstm-ae", "conv-forecaster", "image-dense-ae");
    }

    @Test
    void aFileOfOtherLayersIsRefusedLayerByLayer() throws Exception {
        Zoo zoo = Zoo.load(Path.of("topology/zoo"));
        Network network = zoo.spec("dense-ae").bind(FEATURES);
        Path file = folder.resolve("other.zip");
        Dl4jFile.write(network, io.tidemark.net.engine.Initializer.initialState(network, 1), file);
        assertThatThrownBy(() -> Dl4jFile.read(zoo.spec("dense-ae-10").bind(FEATURES), file))
                .isInstanceOf(java.io.IOException.class)
                .hasMessageContaining("layer 0 of " + file + " is DenseLayer nin 128 nout 64 ActivationSwish")
                .hasMessageContaining("layer 3 of");
    }

    @Test
    void aMutatedFileIsReadOrRefused() throws Exception {
        Network network = Zoo.load(Path.of("topology/zoo")).spec("dense-ae-10").bind(1);
        Path file = folder.resolve("fuzz.zip");
        Dl4jFile.write(network, io.tidemark.net.engine.Initializer.initialState(network, 1), file);
        byte[] good = Files.readAllBytes(file);
        Map<String, byte[]> entries = entries(good);
        Random random = new Random(23);
        int refused = 0;
        for (int i = 0; i < MUTATED; i++) {
            Map<String, byte[]> other = new LinkedHashMap<>(entries);
            // what the zip's checksums do not tell, and where everything is decided: the begin of the coefficients
            String entry = i % 3 == 1 ? "coefficients.bin" : "configuration.json";
            byte[] whole = Objects.requireNonNull(entries.get(entry));
            int head = Math.min(whole.length, i % 2 == 0 ? whole.length : 160);
            byte[] begin = Poison.mutated(Arrays.copyOf(whole, head), random);
            byte[] mutated = Arrays.copyOf(begin, begin.length + whole.length - head);
            System.arraycopy(whole, head, mutated, begin.length, whole.length - head);
            other.put(entry, mutated);
            Files.write(file, i % 3 == 0 ? Poison.mutated(good, random) : zip(other));
            try {
                assertThat(Dl4jFile.read(network, file).tensors()).isNotEmpty();
            } catch (IOException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(MUTATED / 3, MUTATED - 1);
    }

    private static Map<String, byte[]> entries(byte[] zip) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                entries.put(entry.getName(), in.readAllBytes());
            }
        }
        return entries;
    }

    private static byte[] zip(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                out.putNextEntry(new ZipEntry(entry.getKey()));
                out.write(entry.getValue());
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void aLayerWithoutACounterpartIsNamed() {
        Network network = Zoo.load(Path.of("topology/zoo")).spec("attention-ae").bind(FEATURES);
        assertThat(Dl4jFile.unsupported(network))
                .anySatisfy(sentence -> assertThat(sentence).contains("(self-attention) of network attention-ae"));
        assertThatThrownBy(() -> Dl4jFile.write(network, emptyState(), folder.resolve("none.zip")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("self-attention");
        assertThat(folder.resolve("none.zip")).doesNotExist();
    }

    @Test
    void weightsOfAnotherNetworkAreRefused() {
        Network network = Zoo.load(Path.of("topology/zoo")).spec("dense-ae").bind(FEATURES);
        assertThatThrownBy(() -> Dl4jFile.write(network, emptyState(), folder.resolve("none.zip")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("of other layers or sizes than dense-ae");
    }

    private static NetworkState emptyState() {
        return new NetworkState("", java.util.Map.of());
    }
}
