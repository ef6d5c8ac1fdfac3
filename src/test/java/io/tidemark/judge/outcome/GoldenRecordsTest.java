package io.tidemark.judge.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import io.tidemark.SchemaFile;
import io.tidemark.judge.evidence.EvidenceKind;
import io.tidemark.judge.evidence.Signal;
import io.tidemark.judge.feedback.Feedback;
import io.tidemark.series.sample.Frame;
import io.tidemark.series.sample.FrameRegion;
import io.tidemark.series.sample.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the writer writes is what {@code topology/formats/} declares and shows; {@code -Dgolden.update=true} writes the examples anew. */
final class GoldenRecordsTest {
    private static final Path FORMATS = Path.of("topology", "formats");
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final FeatureNames PUMP = new FeatureNames(List.of("flow", "pressure"));

    private final OutcomeWriter writer = new OutcomeWriter();

    private static Score step(ScoreStatus status) {
        Score score = new Score();
        score.begin(PUMP);
        score.stream = "pumps";
        score.series = "hall-3/pump-7";
        score.timeMs = 1_767_225_600_000L + 123;
        score.generation = 914_212_331;
        score.step = 4711;
        score.status = status;
        score.topic = "pump-events";
        score.values()[0] = 12.25;
        score.values()[1] = 3.0999999999999996;
        score.events.add(2, 1041);
        score.events.add(2, 1042);
        score.events.add(0, 7);
        return score;
    }

    private static Score scored() {
        Score score = step(ScoreStatus.SCORED);
        score.judge();
        score.score = 0.8731234567;
        score.alertScore = 0.51;
        score.tailProbability = 3.0214e-7;
        score.smoothedScore = 0.4;
        score.returnLevel = 5.1234567;
        score.evidence.set(EvidenceKind.LEVEL, Signal.LEVEL_32, 0, 4.55);
        double[][] bands = {score.expected(), score.lower(), score.upper()};
        for (int i = 0; i < 3; i++) {
            bands[i][0] = new double[] {7.7, 6.123456789123, 9.5}[i];
            bands[i][1] = new double[] {3.2, 2.9, 3.5}[i];
        }
        score.shares()[0] = 0.917f;
        score.shares()[1] = 0.083f;
        score.model("dense-ae", 17, "dl4j/cpu");
        score.modelSaid(score.models() - 1, 2.71828182845, 0.000123456789);
        score.skip("lstm", 0, "", "no-model");
        return score;
    }

    private static Score frame() {
        Score score = step(ScoreStatus.SCORED);
        score.begin(new FeatureNames(List.of("image")));
        score.series = "line-1";
        score.timeMs = 1_767_225_600_123L;
        score.generation = 914_212_331;
        score.step = 4711;
        score.stream = "tiles";
        score.topic = "tile-frames";
        score.events.add(0, 1041);
        score.judge();
        score.values()[0] = 0.41015625;
        score.expected()[0] = 0.4;
        score.lower()[0] = 0.31;
        score.upper()[0] = 0.49;
        score.score = 0.8731234567;
        score.alertScore = 0.51;
        score.tailProbability = 3.0214e-7;
        score.smoothedScore = 0.4;
        score.returnLevel = 5.1234567;
        score.evidence.set(EvidenceKind.LEVEL, Signal.LEVEL_32, 0, 4.55);
        score.shares()[0] = 1;
        score.frame = new Frame.Source(248, 373, 0, 0, 248, 373, "frame-17");
        score.frameError = 0.0231;
        score.regions = List.of(new FrameRegion(120, 64, 31, 18, 0.412f), new FrameRegion(12, 300, 9, 40, 0.0871f));
        score.model("tile-segmenter", 17, "dl4j/cpu");
        return score;
    }

    private static Score warmingUp() {
        Score score = step(ScoreStatus.WARMING_UP);
        score.values()[1] = Double.NaN;
        score.imputed()[1] = true;
        score.filledShare = Double.NaN;
        score.samplesSeen = 4;
        score.samplesNeeded = 30;
        score.skip("dense-ae", 17, "dl4j/cpu", "short-window");
        return score;
    }

    private static Score failed() {
        Score score = step(ScoreStatus.REJECTED);
        score.reason = "poison: the batch fails with this sample";
        return score;
    }

    private static Forecast forecast() {
        Forecast forecast = new Forecast();
        forecast.stream = "pumps";
        forecast.series = "hall-3/pump-7";
        forecast.generation = 914_212_331;
        forecast.issuedMs = 1_767_225_600_123L;
        forecast.stepMs = 10_000;
        forecast.network = "lstm";
        forecast.version = 4;
        forecast.engine = "djl/cuda";
        forecast.horizon = 2;
        forecast.features = PUMP;
        forecast.levels = new float[] {0.1f, 0.5f, 0.9f};
        forecast.quantiles = new double[] {7, 7.5, 8, 3, 3.1, 3.2, 6.9, 7.6, Double.NaN, 2.9, 3.1, 3.3};
        return forecast;
    }

    private static byte[] code() {
        Step step = new Step();
        step.stream = "pumps";
        step.series = "hall-3/pump-7";
        step.timeMs = 1_767_225_600_123L;
        step.generation = 914_212_331;
        step.step = 4711;
        float[] values = {9, 0.71828183f, -1.5f, 0, 1.25e-7f, 9};
        return new CodeWriter().write(step, new CodeWriter.By("dense-ae", 17, "dl4j/cpu", 64), values, 1, 4);
    }

    private static Alert alert(Alert.State state, String reason) {
        boolean resolved = state == Alert.State.RESOLVED;
        return new Alert(
                "pumps/hall-3/pump-7@2026-01-01T00:00:00.123Z",
                state,
                new Alert.Subject("pumps", "hall-3/pump-7", 914_212_331),
                1_767_225_600_123L,
                1_767_225_600_123L + (resolved ? 90_000 : 0),
                new Alert.Peak(
                        0.93,
                        1_767_225_610_123L,
                        5.12,
                        4.0,
                        EvidenceKind.LEVEL,
                        List.of(
                                new Alert.Feature("flow", 0.917, 12.25, 7.7, 6.1, 9.5),
                                new Alert.Feature("pressure", 0.083, Double.NaN, 3.2, 2.9, 3.5))),
                reason,
                "flow of hall-3/pump-7 " + (resolved ? "was" : "is")
                        + " 12.25, for some steps 4.55 above what was expected 32 steps before");
    }

    private static Feedback feedback(boolean anomaly, String note) {
        long from = 1_767_225_600_123L;
        return new Feedback("pumps", "hall-3/pump-7", from, from + 90_000, anomaly, "ann", note);
    }

    private Map<String, byte[]> records() {
        Map<String, byte[]> records = new TreeMap<>();
        records.put("score.scored", writer.write(scored()));
        records.put("score.frame", writer.write(frame()));
        records.put("score.warming-up", writer.write(warmingUp()));
        records.put("score.rejected-step", writer.write(failed()));
        records.put(
                "score.late",
                writer.status(
                        "pumps",
                        "hall-3/pump-7",
                        1_767_225_600_000L,
                        ScoreStatus.LATE,
                        "its step closed 42 s before",
                        "pump-events",
                        2,
                        1043));
        records.put(
                "score.duplicate",
                writer.status(
                        "pumps",
                        "hall-3/pump-7",
                        1_767_225_600_000L,
                        ScoreStatus.DUPLICATE,
                        "",
                        "pump-events",
                        2,
                        1044));
        records.put(
                "score.rejected",
                writer.status(
                        "pumps", "", Score.NO_TIME, ScoreStatus.REJECTED, "malformed-json", "pump-events", 2, 1045));
        records.put("forecast", writer.write(forecast()));
        records.put("code", code());
        records.put("alert.open", writer.write(alert(Alert.State.OPEN, "")));
        records.put("alert.resolved", writer.write(alert(Alert.State.RESOLVED, "score-below-close")));
        records.put("alert.labelled", writer.write(alert(Alert.State.RESOLVED, "labelled-normal")));
        records.putAll(io.tidemark.judge.incident.IncidentRecords.all());
        records.put("feedback.normal", feedback(false, "a planned test run").encode());
        records.put("feedback.anomaly", feedback(true, "").encode());
        return records;
    }

    private static JsonSchema schema(String record) throws IOException {
        String kind = record.contains(".") ? record.substring(0, record.indexOf('.')) : record;
        return SchemaFile.read(FORMATS.resolve(kind + ".schema.json"));
    }

    @TestFactory
    List<DynamicTest> everyRecordFitsItsSchemaAndItsExample() {
        return records().entrySet().stream()
                .map(record ->
                        DynamicTest.dynamicTest(record.getKey(), () -> check(record.getKey(), record.getValue())))
                .toList();
    }

    private static void check(String name, byte[] json) throws IOException {
        JsonNode tree = MAPPER.readTree(json);
        assertThat(schema(name).validate(tree, e -> e.getExecutionConfig().setFormatAssertionsEnabled(true)))
                .isEmpty();
        Path example = FORMATS.resolve(name + ".example.json");
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(example, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n");
        }
        assertThat(tree).isEqualTo(MAPPER.readTree(Files.readString(example)));
    }

    @Test
    void theLeastFeedbackFitsItsSchemaAndAnUnknownFieldDoesNot() throws IOException {
        JsonNode least = MAPPER.readTree(Files.readString(FORMATS.resolve("feedback.least.example.json")));
        assertThat(schema("feedback").validate(least)).isEmpty();
        assertThat(schema("feedback").validate(((ObjectNode) least).put("lable", "normal")))
                .isNotEmpty();
    }

    @Test
    void aScoreOutsideItsBoundsDoesNotFit() throws IOException {
        Score score = scored();
        score.score = 1.01;
        assertThat(schema("score").validate(MAPPER.readTree(writer.write(score))))
                .isNotEmpty();
    }

    @Test
    void aReusedWriterAndScoreKeepNothingOfTheRecordBefore() {
        byte[] alone = new OutcomeWriter().write(failed());
        writer.write(scored());
        assertThat(writer.write(failed())).isEqualTo(alone);
        Score reused = scored();
        reused.begin(FeatureNames.NONE);
        assertThat(new String(writer.write(reused), StandardCharsets.UTF_8))
                .doesNotContain("dense-ae")
                .doesNotContain("flow")
                .doesNotContain("1041");
    }
}
