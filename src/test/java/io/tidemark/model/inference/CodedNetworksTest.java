package io.tidemark.model.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.judge.similar.Code;
import io.tidemark.net.engine.FakeEngine;
import io.tidemark.net.network.Encoder;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.Zoo;
import io.tidemark.series.sample.Sample;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodedNetworksTest {
    private static final Zoo ZOO = Zoo.load(Path.of("topology/zoo"));
    private static final int WINDOW = 64;

    @TempDir
    Path folder;

    private StreamSpec stream(String networks, String outputs) throws IOException {
        return StreamFile.read(Files.writeString(folder.resolve("s.yaml"), """
                stream: s
                input: {topic: t, features: [a, b]}
                networks: [%s]
                outputs: {%s}
                """.formatted(networks, outputs)));
    }

    private static List<Network> bound(StreamSpec stream) {
        return stream.networks().stream()
                .map(name -> ZOO.spec(name).bind(stream))
                .toList();
    }

    @Test
    void theFirstNetworkWithABottleneckGivesTheCodeWhereOneIsAskedFor() throws IOException {
        String networks = "lstm-forecaster, masked-ae, dense-ae, conv-ae";
        StreamSpec on = stream(networks, "codes: true");
        assertThat(CodedNetworks.of(on, bound(on)))
                .extracting(Encoder::codeSize)
                .containsExactly(0, 0, 16, 0);
        StreamSpec off = stream(networks, "");
        assertThat(CodedNetworks.of(off, bound(off)))
                .extracting(Encoder::codeSize)
                .containsOnly(0);
    }

    @Test
    void aStreamThatNoNetworkCanCodeIsTold() throws IOException {
        StreamSpec none = stream("", "codes: true");
        assertThatThrownBy(() -> CodedNetworks.of(none, bound(none)))
                .hasMessage(
                        "outputs.codes needs an autoencoder with a bottleneck, of at most 4096 values, among networks,"
                                + " such as dense-ae or image-dense-ae; there are none");
        StreamSpec forecaster = stream("lstm-forecaster", "codes: true");
        assertThatThrownBy(() -> CodedNetworks.of(forecaster, bound(forecaster)))
                .hasMessageEndingWith("there is lstm-forecaster");
    }

    @Test
    void theCodeOfAFrameOfSeveralTilesIsTheirsOneBehindAnother() throws IOException {
        String image = "stream: s\nnetworks: [image-conv-ae]\noutputs: {codes: true}\n"
                + "input: {topic: t, format: image, image: {width: %d, height: 64, tiles: {width: 64, height: 64}}}\n";
        StreamSpec one = StreamFile.read(Files.writeString(folder.resolve("i.yaml"), image.formatted(64)));
        int size = Encoder.codeSize(CodedNetworks.of(one, bound(one)).get(0));
        int most = CodedNetworks.VALUES_MAX / size;
        StreamSpec fits = StreamFile.read(Files.writeString(folder.resolve("i.yaml"), image.formatted(64 * most)));
        assertThat(CodedNetworks.of(fits, bound(fits)))
                .extracting(Encoder::codeSize)
                .containsExactly(size);
        StreamSpec larger =
                StreamFile.read(Files.writeString(folder.resolve("i.yaml"), image.formatted(64 * (most + 1))));
        assertThatThrownBy(() -> CodedNetworks.of(larger, bound(larger))).hasMessageContaining("at most 4096 values");
    }

    @Test
    void everySampleThatTheNetworkScoredHasItsCodeInAnyBlock() throws IOException {
        StreamSpec stream = stream("dense-ae", "codes: true");
        List<Network> coded = CodedNetworks.of(stream, bound(stream));
        try (BatchScorer scorer = new BatchScorer(new FakeEngine(), coded, 2, 4)) {
            PendingSample unjudged = sample(0, WINDOW, 1);
            scorer.score(List.of(unjudged));
            assertThat(unjudged.code).as("there is no model yet").isEmpty();
            scorer.swap("dense-ae", 3, FakeEngine.state(coded.get(0), 0.5f));
            List<PendingSample> samples = new java.util.ArrayList<>();
            for (int i = 0; i < 11; i++)
                samples.add(sample(i, i == 5 ? WINDOW - 1 : WINDOW, i == 7 ? FakeEngine.POISON : i));
            scorer.score(samples);
            for (int i = 0; i < 11; i++) {
                if (i == 5 || i == 7) {
                    assertThat(samples.get(i).code).as("short or poisonous").isEmpty();
                    continue;
                }
                Code code = Code.read(samples.get(i).code);
                assertThat(code.window()).isEqualTo(new Code.Window("k", 1000L * i, 9, i, WINDOW));
                assertThat(code.model()).isEqualTo(new Code.Model("dense-ae", 3));
                assertThat(code.values()).hasSize(16).containsOnly(0.5f * i);
            }
        }
        try (BatchScorer scorer = new BatchScorer(new FakeEngine(), bound(stream), 2, 4)) {
            scorer.swap("dense-ae", 3, FakeEngine.state(coded.get(0), 0.5f));
            PendingSample plain = sample(1, WINDOW, 1);
            scorer.score(List.of(plain));
            assertThat(plain.code).as("where no network gives codes").isEmpty();
        }
    }

    private static PendingSample sample(int number, int rows, float value) {
        Step step = new Step();
        step.stream = "s";
        step.series = "k";
        step.step = number;
        step.timeMs = 1000L * number;
        step.generation = 9;
        step.features(2);
        Arrays.fill(step.scale(), 1);
        float[] window = new float[2 * rows];
        Arrays.fill(window, value);
        return new PendingSample().read(Sample.encode(Wire.writer(64), step, window, rows));
    }
}
