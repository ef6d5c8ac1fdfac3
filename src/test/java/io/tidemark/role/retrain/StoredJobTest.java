package io.tidemark.role.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.series.sample.FrozenState;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A job on {@code jobs} as an earlier build queued it. */
class StoredJobTest {
    private static final RetrainJob JOB = new RetrainJob(
            1,
            new RetrainJob.Name("pump", "ae", 2, 1_700_000_000_000L),
            new Period(5, 10),
            new TrainingPlan(1, 100, 4, 0.05),
            Map.of("training", 4L, "gates", 9L),
            3);

    private final FrozenState frozen = FrozenState.read("retrain-job-1", Map.of("json", JOB.toJson()));

    @Test
    void aStoredJobSaysTheSame() {
        assertThat(RetrainJob.fromJson(frozen.part("json"))).isEqualTo(JOB);
    }

    @Test
    void aJobOfAnUnknownFormatSaysWhatToDo() {
        byte[] later =
                frozen.text("json").replace("\"format\":1", "\"format\":9").getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> RetrainJob.fromJson(later))
                .hasMessageContaining("format 9")
                .hasMessageContaining(FrozenState.REMEDY);
    }

    /** Records group what belongs together; in JSON all of it lies flat, in one order. */
    @Test
    void aReportIsReadAndWrittenAsTheSameBytes() {
        String job = "{\"format\":1,\"stream\":\"s\",\"network\":\"n\",\"trial\":0,\"scheduledMs\":1,\"fromMs\":2"
                + ",\"toMs\":3,\"seed\":4,\"steps\":5,\"candidates\":6,\"holdout\":0.1,\"until\":null,\"jobs\":1}";
        String history = "{\"rows\":1,\"withheld\":2,\"waiting\":3,\"series\":4,\"train\":5,\"validation\":6,\"test\":7"
                + ",\"fromMs\":8,\"validationFromMs\":9,\"testFromMs\":10,\"taught\":11,\"holdout\":12"
                + ",\"holdoutFromMs\":13,\"toMs\":14,\"first\":null}";
        String fit = "{\"network\":\"n\",\"specHash\":\"h\",\"input\":[64,1],\"parameters\":1,\"multiplyAdds\":2"
                + ",\"engine\":\"djl\",\"build\":\"b\",\"device\":\"cpu\",\"seed\":3,\"batch\":4,\"trainExamples\":5"
                + ",\"validationExamples\":6,\"steps\":7,\"bestEpoch\":0,\"stopped\":\"EPOCHS\",\"seconds\":1.5"
                + ",\"cpuSeconds\":1.25,\"curve\":[],\"pretraining\":[],\"errors\":{},\"references\":{}}";
        String report = "{\"job\":" + job + ",\"status\":\"DONE\",\"reason\":\"\",\"worker\":\"w\",\"deliveries\":1"
                + ",\"startedMs\":7,\"endedMs\":8,\"cpuSeconds\":9.5,\"version\":\"s/n\",\"history\":" + history
                + ",\"search\":null,\"fit\":" + fit + ",\"champion\":null}";
        byte[] again =
                JobReport.fromJson(report.getBytes(StandardCharsets.UTF_8)).toJson();
        assertThat(new String(again, StandardCharsets.UTF_8)).isEqualTo(report);
    }
}
