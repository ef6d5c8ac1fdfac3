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
            1, "pump", "ae", 2, 1_700_000_000_000L, 5, 10, 1, 100, 4, 0.05, Map.of("training", 4L, "gates", 9L), 3);

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
}
