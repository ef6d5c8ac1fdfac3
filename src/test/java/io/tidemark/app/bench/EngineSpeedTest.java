package io.tidemark.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.net.engine.FakeEngine;
import io.tidemark.net.engine.TestNetworks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineSpeedTest {

    @Test
    void everyWorkAndBatchGivesAFigureForEveryEngine() {
        List<EngineSpeed.Figure> figures = figures(new FakeEngine(), List.of(2, 8));

        assertThat(figures)
                .extracting(figure ->
                        figure.setting().work() + " " + figure.setting().batch())
                .containsExactly("train 2", "train 8", "score 2", "score 8");
        assertThat(figures).allSatisfy(figure -> {
            assertThat(figure.setting().network()).isEqualTo("ae");
            assertThat(figure.setting().engine()).isEqualTo("fake/cpu");
            assertThat(figure.setting().second()).isEqualTo("cpu");
            assertThat(figure.speed().calls()).isPositive();
            assertThat(figure.speed().windows())
                    .isEqualTo(figure.speed().calls() * figure.setting().batch());
        });
    }

    @Test
    void anEngineWithoutALoopOfItsOwnIsMeasuredAlone() {
        assertThat(figures(new FakeEngine(), List.of(2))).allSatisfy(figure -> {
            assertThat(figure.speed().bareCalls()).isNull();
            assertThat(figure.speed().ofBare()).isNull();
            assertThat(figure.relative().timesDl4j()).isNull();
        });
    }

    @Test
    void aTrainingThatDivergesHasNoSpeed() {
        FakeEngine engine = new FakeEngine();
        engine.diverge = Integer.MAX_VALUE;

        assertThatThrownBy(() -> figures(engine, List.of(2))).hasMessageContaining("ae gave the loss NaN");
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new EngineSpeed.Settings(List.of(0), 1))
                .hasMessage("batch must be in [1, 4096], but was 0");
        assertThatThrownBy(() -> new EngineSpeed.Settings(List.of(1), 0))
                .hasMessage("seconds must be in [0.01, 600], but was 0.0");
    }

    @Test
    void residentMemoryIsSampledAfterEachTenthWhileReplicasComeAndGo() {
        assertThat(ResidentMemory.unreadable()).isEmpty();
        List<ResidentMemory.Sample> samples = new ArrayList<>();

        new ResidentMemory(new FakeEngine(), TestNetworks.both(1), Duration.ofSeconds(1)).run(samples::add);

        assertThat(samples).hasSize(10);
        assertThat(samples).isSortedAccordingTo((a, b) -> Double.compare(a.seconds(), b.seconds()));
        assertThat(samples.get(9).residentBytes()).isGreaterThan(1 << 20);
        assertThat(samples.get(9).steps()).isPositive();
        assertThat(samples.get(9).windows()).isPositive();
        assertThat(samples.get(9).swaps()).isPositive();
        assertThat(samples.get(9).reopened()).isPositive();
    }

    private static List<EngineSpeed.Figure> figures(FakeEngine engine, List<Integer> batches) {
        List<EngineSpeed.Figure> figures = new ArrayList<>();
        new EngineSpeed(new EngineSpeed.Settings(batches, 0.02), line -> {})
                .run(List.of(engine), List.of(new EngineSpeed.Subject(TestNetworks.autoencoder(), 1)), figures::add);
        return figures;
    }
}
