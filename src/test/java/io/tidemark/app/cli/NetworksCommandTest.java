package io.tidemark.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.net.engine.Safetensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

class NetworksCommandTest {
    @TempDir
    private Path folder = Path.of("");

    /** Two waves of 400 rows below a folder; the second has a burst from row 300 to 320. */
    private Path waves() throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        Random random = new Random(1);
        for (String name : new String[] {"pump-1", "pump-2"}) {
            StringBuilder text = new StringBuilder("timestamp,flow,site,pressure\n");
            for (int r = 0; r < 400; r++) {
                double burst = name.equals("pump-2") && r >= 300 && r < 320 ? 3 * random.nextGaussian() : 0;
                text.append(String.format(
                        Locale.ROOT, "%d,%.4f,north,%.4f%n", r, Math.sin(r * 0.3) + burst, Math.cos(r * 0.3)));
            }
            Files.writeString(data.resolve(name + ".csv"), text);
        }
        return data;
    }

    private CommandLineSession fit(String network, Path data, String... further) {
        String[] fixed = {"networks", "fit", network, "--data", data.toString(), "--engine", "djl", "--device", "cpu"};
        String[] arguments = java.util.Arrays.copyOf(fixed, fixed.length + further.length);
        System.arraycopy(further, 0, arguments, fixed.length, further.length);
        return CommandLineSession.of(arguments);
    }

    @Test
    void listNamesEveryNetworkOfTheZoo() throws IOException {
        var session = CommandLineSession.of("networks", "list");
        assertThat(session.exitCode()).isZero();
        try (var files = Files.list(Path.of("topology/zoo"))) {
            files.forEach(file -> assertThat(session.out())
                    .contains(file.getFileName().toString().replace(".yaml", " ")));
        }
    }

    @Test
    void showTellsLayersWorkMemoryAndEngines() throws IOException {
        var session = CommandLineSession.of("networks", "show", "dense-ae", "--features", "2", "--batch", "10");
        assertThat(session.exitCode()).isZero();
        assertThat(session.out())
                .contains("18,704", "18,432", "memory at a batch of 10", "engine djl: runs it", "Hinton");
        var json = CommandLineSession.of("networks", "show", "image-dense-ae", "--image", "1x28x28", "--json");
        JsonNode node = new ObjectMapper().readTree(json.out());
        assertThat(node.path("input").asText()).isEqualTo("1x28x28");
        assertThat(node.path("flops").asLong()).isEqualTo(2 * 905_216);
        assertThat(node.path("layers").size()).isEqualTo(5);
    }

    @Test
    void wrongUseIsSaidInASentence() throws IOException {
        assertThat(CommandLineSession.of("networks", "show", "dense-xe").err())
                .contains("there is no network dense-xe", "dense-ae");
        assertThat(CommandLineSession.of("networks", "show", "image-dense-ae", "--image", "28")
                        .err())
                .contains("--image must be channels, rows and columns such as 1x28x28, but was 28");
        Path data = waves();
        assertThat(fit("dense-ae", data, "--epochs", "0").err()).contains("--epochs must be in [1, 100000], but was 0");
        assertThat(fit("dense-ae", data, "--noise", "0.2").err()).contains("--noise is for images");
        assertThat(fit("image-dense-ae", data).err()).contains("has no file train*idx3-ubyte");
        var wide = fit("dense-ae", data, "--validation", "0.95");
        assertThat(wide.exitCode()).isEqualTo(2);
        assertThat(wide.err()).contains("--validation must be in [0, 0.9], but was 0.95");
        assertThat(fit("dense-ae", data, "--validation", "0.9", "--test-share", "0")
                        .err())
                .contains("it needs 64 rows in a row without a gap");
    }

    @Test
    void seriesAreFittedCutByTimeAndLeaveWeightsReportAndPlot() throws Exception {
        Path out = folder.resolve("out");
        var session = fit("dense-ae-10", waves(), "--epochs", "3", "--out", out.toString());
        assertThat(session.err()).doesNotContain("tidemark:");
        assertThat(session.exitCode()).isZero();
        assertThat(session.out()).contains("test", "PCA, 2 components", "wrote");
        JsonNode report = new ObjectMapper().readTree(Files.readString(out.resolve("report.json")));
        // 400 rows: 324 train, 36 validate, 40 test; an example spans 10 rows.
        assertThat(report.path("trainExamples").asInt()).isEqualTo(2 * 315);
        assertThat(report.path("validationExamples").asInt()).isEqualTo(2 * 27);
        assertThat(report.path("errors").path("test").path("examples").asInt()).isEqualTo(2 * 31);
        assertThat(report.path("curve").size()).isEqualTo(4);
        var weights = Safetensors.read(Files.readAllBytes(out.resolve("dense-ae-10.safetensors")));
        assertThat(weights.specHash()).isEqualTo(report.path("specHash").asText());
        Element plot = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(out.resolve("curves.svg").toFile())
                .getDocumentElement();
        assertThat(plot.getElementsByTagName("polyline").getLength()).isEqualTo(2);
        assertThat(plot.getTextContent()).contains("dense-ae-10", "training", "validation", "kept: epoch");
    }

    @Test
    void eachSeriesMayHaveItsOwnNetworkWhoseErrorsAreRanked() throws IOException {
        Path data = waves();
        Path labels = Files.createDirectories(folder.resolve("labels"));
        for (String name : new String[] {"pump-1", "pump-2"}) {
            StringBuilder text = new StringBuilder();
            for (int r = 0; r < 400; r++) text.append(r >= 300 && r < 320 ? "1\n" : "0\n");
            Files.writeString(labels.resolve(name + ".txt"), text);
        }
        Path scores = folder.resolve("scores");
        var session = fit(
                "dense-ae-10",
                data,
                "--test",
                data.toString(),
                "--each",
                "--smooth",
                "5",
                "--epochs",
                "3",
                "--labels",
                labels.toString(),
                "--scores",
                scores.toString(),
                "--out",
                folder.resolve("each").toString(),
                "--json");
        assertThat(session.exitCode()).isZero();
        String[] lines = session.out().split("\n");
        assertThat(lines).hasSize(2 + 3);
        JsonNode second = new ObjectMapper().readTree(lines[3]);
        assertThat(second.path("series").asText()).isEqualTo("pump-2");
        assertThat(second.path("ap").asDouble()).isGreaterThan(0.5);
        assertThat(Files.readAllLines(scores.resolve("pump-2.csv")))
                .hasSize(401)
                .startsWith("row,error,score", "0,,");
        assertThat(folder.resolve("each/pump-1/dense-ae-10.safetensors")).exists();
    }

    @Test
    void aGraphNetworkSaysWhichFeaturesEachLooksAt() throws IOException {
        Path out = folder.resolve("graph");
        var session = fit("graph-forecaster", waves(), "--epochs", "1", "--out", out.toString());
        assertThat(session.exitCode()).as(session.err()).isZero();
        assertThat(Files.readAllLines(out.resolve("neighbours.csv")))
                .hasSize(3)
                .startsWith("feature,neighbour,cosine")
                .satisfies(lines -> assertThat(lines.get(1)).matches("flow,pressure,-?[01]\\.\\d{4}"))
                .satisfies(lines -> assertThat(lines.get(2)).matches("pressure,flow,-?[01]\\.\\d{4}"));
    }

    @Test
    void imagesAreReadFromIdxFiles() throws IOException {
        Path images = Files.createDirectories(folder.resolve("images"));
        for (int part = 0; part < 2; part++) {
            ByteBuffer bytes = ByteBuffer.allocate(16 + 60 * 64);
            bytes.putInt(0x803).putInt(60).putInt(8).putInt(8);
            for (int i = 0; i < 60; i++) for (int p = 0; p < 64; p++) bytes.put((byte) (p / 8 == i % 8 ? 255 : 0));
            String name = part == 0 ? "train-images-idx3-ubyte" : "t10k-images-idx3-ubyte";
            Files.write(images.resolve(name), bytes.array());
        }
        Path out = folder.resolve("fitted");
        var session =
                fit("image-dense-ae", images, "--epochs", "2", "--noise", "0.2", "--json", "--out", out.toString());
        assertThat(session.exitCode()).isZero();
        JsonNode report = new ObjectMapper().readTree(session.out());
        assertThat(report.path("errors").path("test").path("examples").asInt()).isEqualTo(60);
        assertThat(report.path("errors")
                        .path("test, noise 0.2")
                        .path("meanSquared")
                        .asDouble())
                .isNotEqualTo(
                        report.path("errors").path("test").path("meanSquared").asDouble());
    }

    /** A wave of 400 rows with so many features. */
    private Path wave(int features) throws IOException {
        StringBuilder text = new StringBuilder("timestamp");
        for (int f = 0; f < features; f++) text.append(",f").append(f);
        text.append('\n');
        for (int r = 0; r < 400; r++) {
            text.append(r);
            for (int f = 0; f < features; f++) text.append(String.format(Locale.ROOT, ",%.4f", Math.sin(r * 0.3 + f)));
            text.append('\n');
        }
        return Files.writeString(folder.resolve("wave-" + features + ".csv"), text);
    }

    @Test
    void aNetworkBeginsWithWhatATrainedOneOfOtherFeaturesHasLearnt() throws IOException {
        String first = folder.resolve("first").toString();
        assertThat(fit("gru-forecaster", wave(2), "--epochs", "2", "--out", first)
                        .exitCode())
                .isZero();
        Path out = folder.resolve("second");
        var session = fit(
                "gru-forecaster",
                wave(3),
                "--epochs",
                "4",
                "--from",
                first + ":encoder",
                "--freeze",
                "1",
                "--out",
                out.toString());
        assertThat(session.err()).doesNotContain("tidemark:");
        assertThat(session.out())
                .contains(
                        "began with 0.gru of " + first + ":encoder, and anew with 0.gru, 2.dense; its encoder stayed");
        JsonNode report = new ObjectMapper().readTree(Files.readString(out.resolve("report.json")));
        assertThat(report.path("from").path("model").asText()).isEqualTo(first + ":encoder");
        assertThat(report.path("from").path("carried").toString()).isEqualTo("[\"param/0.gru/weight_hh\"]");
        assertThat(report.path("frozenSteps").asLong())
                .isEqualTo(report.path("steps").asLong())
                .isPositive();
        var there = Safetensors.read(Files.readAllBytes(Path.of(first, "gru-forecaster.safetensors")));
        var here = Safetensors.read(Files.readAllBytes(out.resolve("gru-forecaster.safetensors")));
        assertThat(here.tensor("param/0.gru/weight_hh").values())
                .isEqualTo(there.tensor("param/0.gru/weight_hh").values());
        var whole = fit(
                "gru-forecaster",
                wave(2),
                "--epochs",
                "2",
                "--from",
                first + "/gru-forecaster.safetensors",
                "--out",
                folder.resolve("third").toString());
        assertThat(whole.out()).contains("began with 0.gru, 2.dense of ").doesNotContain("anew with");
    }

    @Test
    void aTrainedNetworkThatDoesNotMatchIsRefusedInASentence() throws IOException {
        Path data = wave(2);
        String dense = folder.resolve("dense").toString();
        assertThat(fit("dense-ae-10", data, "--epochs", "1", "--out", dense).exitCode())
                .isZero();
        var other = fit("lstm-forecaster", data, "--from", dense);
        assertThat(other.exitCode()).isEqualTo(2);
        assertThat(other.err())
                .contains(
                        "--from " + dense + ": network lstm-forecaster with 2 features cannot begin with dense-ae-10");
        assertThat(fit("dense-ae-10", data, "--from", folder.resolve("nothing").toString())
                        .err())
                .contains("nothing to begin with; name a folder of networks fit");
        assertThat(fit("dense-ae-10", data, "--freeze", "0.5").err()).contains("--freeze goes with --from");
        assertThat(fit("dense-ae-10", data, "--from", dense, "--freeze", "2").err())
                .contains("--freeze must be in [0, 1], but was 2");
        Path report = Path.of(dense, "report.json");
        Files.writeString(report, Files.readString(report).replace("[ 10, 2 ]", "[ 10, 3 ]"));
        assertThat(fit("dense-ae-10", data, "--from", dense).err())
                .contains("was trained when network dense-ae-10 was declared otherwise");
        Files.delete(report);
        assertThat(fit("dense-ae-10", data, "--from", dense).err())
                .contains("report.json is not there, so nothing says what " + dense + " was trained on");
    }
}
