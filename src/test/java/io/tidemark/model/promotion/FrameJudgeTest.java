package io.tidemark.model.promotion;

import static io.tidemark.model.promotion.DrawnFrames.NETWORK;
import static io.tidemark.model.promotion.DrawnFrames.frames;
import static io.tidemark.model.promotion.DrawnFrames.recording;
import static io.tidemark.model.promotion.DrawnFrames.trained;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.config.StreamSpec;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.Engines;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.series.sample.Frame;
import io.tidemark.series.sample.Label;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped criteria on a small network of frames. */
@SuppressWarnings("NullAway.Init")
class FrameJudgeTest {
    @TempDir
    static Path folder;

    private static Engine engine;
    private static StreamSpec stream;
    private static Judge judge;
    private static NetworkState champion;
    private static NetworkState better;
    /** Recorded later than anything that taught. */
    private static List<ReplayedFrames> recent;

    @BeforeAll
    static void train() throws IOException {
        engine = Engines.open("dl4j", new DeviceSpec.Cpu());
        stream = DrawnFrames.stream(folder, "");
        judge = new Judge(stream, NETWORK, engine, Criteria.SHIPPED, 7);
        champion = trained(engine, engine.initialState(NETWORK, 1), frames(3, 1000), 300);
        better = trained(engine, champion, frames(3, 1000), 1500);
        recent = List.of(recording(stream, "a", 1, 500), recording(stream, "b", 2, 500));
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    @Test
    void aTaughtAutoencoderRanksEachKindOfAnomalyAboveOneWithRandomWeights() {
        Contender random = judge.contender(recent, engine.initialState(NETWORK, 5));
        Contender taught = judge.contender(recent, better);
        assertThat(taught.ranking()).containsOnlyKeys("blob", "scratch", "blur");
        for (String kind : taught.ranking().keySet()) {
            assertThat(taught.ranking().getOrDefault(kind, 0.0))
                    .as(kind)
                    .isGreaterThan(random.ranking().getOrDefault(kind, 1.0) + 0.2);
        }
    }

    @Test
    void randomWeightsAreNotPromoted() {
        Decision decision = judge.judge(recent, champion, engine.initialState(NETWORK, 5));
        assertThat(decision).isInstanceOf(Decision.Keep.class);
        assertThat(decision.why()).contains("ranks injected anomalies", "its usual error is");
    }

    @Test
    void aChallengerThatLearntDefectiveFramesIsNotPromoted() {
        List<Frame> taught = new ArrayList<>();
        for (FrameInjection kind : FrameInjection.values()) {
            Random random = new Random(11);
            for (Frame frame : frames(3, 1000)) taught.add(kind.into(frame, random));
        }
        NetworkState poisoned = trained(engine, champion, taught, 1500);
        Decision decision = judge.judge(recent, better, poisoned);
        assertThat(decision).as(decision.toString()).isInstanceOf(Decision.Keep.class);
        assertThat(decision.why()).contains("ranks injected anomalies");
    }

    @Test
    void aChallengerThatLearntMoreOfTheNormalIsPromotedWithItsNumbers() {
        Decision decision = judge.judge(recent, champion, better);
        assertThat(decision).as(decision.toString()).isInstanceOf(Decision.Promote.class);
        assertThat(decision.figures()).containsKeys("champion-blob", "challenger-scratch", "challenger-blur");
        assertThat(decision.figures().get("challenger-ranking"))
                .isGreaterThan(decision.figures().get("champion-ranking"));
    }

    @Test
    void framesThatPeopleHaveCalledAnomaliesAreRankedAmongTheOthers() {
        Recording.Injected<ReplayedFrames> blurred = FrameInjection.BLUR.into(recent.get(0), 200, 3);
        List<Label> labels = new ArrayList<>();
        for (int i = 0; i < blurred.anomalous().length; i++) {
            long timeMs = blurred.series().timeMs(i);
            if (blurred.anomalous()[i]) labels.add(new Label("camera", "a", timeMs, timeMs, true));
        }
        Judge knowing = judge.with(new LabelledRows(labels));
        Contender taught = knowing.contender(List.of(blurred.series()), better);
        Contender random = knowing.contender(List.of(blurred.series()), engine.initialState(NETWORK, 5));
        assertThat(taught.labelledRows()).isEqualTo(labels.size()).isGreaterThan(50);
        assertThat(taught.labelled()).isGreaterThan(0.9);
        assertThat(random.labelled()).isLessThan(0.5);
    }

    @Test
    void theSameFramesAndSeedGiveTheSameFigures() {
        Contender first = judge.contender(recent, champion);
        Contender second = judge.contender(recent, champion);
        assertThat(second.ranking()).isEqualTo(first.ranking());
        assertThat(second.alerts()).isEqualTo(first.alerts());
        assertThat(second.tails()).isEqualTo(first.tails());
        assertThat(second.medianError()).isEqualTo(first.medianError());
    }

    @Test
    void framesOfTilesAreJudgedAsAWhole() throws IOException {
        StreamSpec tiled =
                DrawnFrames.stream(folder, 2 * DrawnFrames.SIDE, ", tiles: {width: 16, height: 16, overlap: 0}");
        List<ReplayedFrames> wide = List.of(recording(tiled, "a", 1, 600));
        Judge ofTiles = new Judge(tiled, NETWORK, engine, Criteria.SHIPPED, 7);
        Decision promoted = ofTiles.judge(wide, champion, better);
        assertThat(promoted).as(promoted.toString()).isInstanceOf(Decision.Promote.class);
        assertThat(promoted.figures()).containsEntry("challenger-steps", 570.0);
        assertThat(ofTiles.judge(wide, champion, engine.initialState(NETWORK, 5)))
                .isInstanceOf(Decision.Keep.class);
    }

    @Test
    void aStreamThatKeepsTooFewFramesIsRefusedWithTheSettingToChange() throws IOException {
        StreamSpec small = DrawnFrames.stream(folder, ", keep: 64KiB");
        assertThatThrownBy(() -> new Judge(small, NETWORK, engine, Criteria.SHIPPED, 7))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("stream camera cannot be judged: image.keep holds 256 frames, a trial needs 530;"
                        + " set image.keep to at least 1MiB, or make the frames smaller");
    }
}
