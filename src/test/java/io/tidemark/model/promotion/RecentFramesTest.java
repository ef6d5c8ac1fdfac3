package io.tidemark.model.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.StreamSpec;
import io.tidemark.series.sample.Frame;
import io.tidemark.series.sample.TrainingFrame;
import io.tidemark.series.sample.TrainingRows;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecentFramesTest {
    private static final Frame FRAME = DrawnFrames.frames(1, 1).get(0);
    /** 64 KiB of 16 x 16 bytes. */
    private static final int KEPT = 256;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path folder;

    @Test
    void theNewestFramesThatTheDeclaredBytesHoldAreKept() throws Exception {
        StreamSpec stream = DrawnFrames.stream(folder, ", keep: 64KiB");
        RecentFrames recent = new RecentFrames(stream, 0);
        for (int step = 0; step < 1000; step++) recent.add(row(stream, "a", step));
        assertThat(recent.kept()).isEqualTo(KEPT);
        ReplayedFrames kept = recent.recordings().get(0);
        assertThat(kept.rows()).isEqualTo(KEPT);
        assertThat(kept.brightness().timesMs()[0]).isEqualTo(744_000);
        assertThat(kept.brightness().timesMs()[KEPT - 1]).isEqualTo(999_000);
    }

    @Test
    void noMoreFramesAreKeptThanATrialMayCost() throws Exception {
        StreamSpec stream = DrawnFrames.stream(folder, "");
        RecentFrames recent = new RecentFrames(stream, 0);
        for (int step = 0; step < 3000; step++) recent.add(row(stream, "a", step));
        assertThat(recent.kept()).isEqualTo(RecentFrames.FRAMES_MAX);
    }

    @Test
    void manySeriesGiveWayToAFewThatAreLongEnough() throws Exception {
        StreamSpec stream = DrawnFrames.stream(folder, "");
        RecentFrames recent = new RecentFrames(stream, 0);
        for (int step = 0; step < 600; step++) {
            for (int camera = 0; camera < 40; camera++) {
                recent.add(row(stream, "camera-" + camera, step));
                assertThat(recent.kept()).isLessThanOrEqualTo(RecentFrames.FRAMES_MAX);
            }
        }
        List<ReplayedFrames> lasting = recent.recordings().stream()
                .filter(series -> series.rows() >= RecentFrames.SERIES_FRAMES - 40)
                .toList();
        assertThat(lasting).hasSize(RecentFrames.FRAMES_MAX / RecentFrames.SERIES_FRAMES);
        assertThat(lasting)
                .allSatisfy(series -> assertThat(series.brightness().timesMs()[series.rows() - 1])
                        .isEqualTo(599_000));
    }

    @Test
    void framesOfAnotherGenerationEarlierOnesAndRepeatedStepsAreLeftOut() throws Exception {
        StreamSpec stream = DrawnFrames.stream(folder, "");
        RecentFrames recent = new RecentFrames(stream, 2000);
        for (int step : new int[] {0, 1, 2, 3, 3, 2, 4}) recent.add(row(stream, "a", step));
        recent.add(new TrainingRows().set(new TrainingFrame("camera", "a", stream.generation() + 1, 5, 5000, FRAME)));
        assertThat(recent.recordings()).hasSize(1);
        assertThat(recent.recordings().get(0).brightness().timesMs()).containsExactly(2000, 3000, 4000);
    }

    private static TrainingRows row(StreamSpec stream, String series, int step) {
        return new TrainingRows()
                .set(new TrainingFrame("camera", series, stream.generation(), step, 1000L * step, FRAME));
    }
}
