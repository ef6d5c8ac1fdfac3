package io.tidemark.net.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EnginesTest {
    private static final DeviceSpec CPU = new DeviceSpec.Cpu();

    /** An engine that is never opened. */
    private record Offered(String name, int speed, Optional<String> refusal) implements EngineProvider {
        @Override
        public Optional<String> unusable(DeviceSpec device) {
            return refusal;
        }

        @Override
        public Engine open(DeviceSpec device) {
            throw new IllegalStateException("choosing must not open");
        }
    }

    private static final EngineProvider FAST = new Offered("fast", 2, Optional.empty());
    private static final EngineProvider SLOW = new Offered("slow", 1, Optional.empty());
    private static final EngineProvider ABSENT = new Offered("absent", 3, Optional.of("it is not built in"));

    @Test
    void autoTakesTheFastestThatIsUsableAndSaysWhyNotAnother() {
        Engines.Choice choice = Engines.choose("auto", CPU, List.of(ABSENT, FAST, SLOW));
        assertThat(choice.provider()).isSameAs(FAST);
        assertThat(choice.reason()).isEqualTo("the fastest here on device cpu; not absent: it is not built in");
    }

    @Test
    void aNamedEngineIsTakenEvenWhenAnotherIsFaster() {
        assertThat(Engines.choose("slow", CPU, List.of(FAST, SLOW)).provider()).isSameAs(SLOW);
    }

    @Test
    void anUnusableOrUnknownEngineIsAnErrorThatSaysWhy() {
        assertThatThrownBy(() -> Engines.choose("absent", CPU, List.of(ABSENT, FAST)))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("it is not built in");
        assertThatThrownBy(() -> Engines.choose("tensorflow", CPU, List.of(FAST, SLOW)))
                .hasMessage("engine must be auto or one of [fast, slow], but was tensorflow");
    }

    /** An engine that computes wrongly on this processor. */
    private static final EngineProvider WRONG = new EngineProvider() {
        @Override
        public String name() {
            return "wrong";
        }

        @Override
        public int speed() {
            return 9;
        }

        @Override
        public Optional<String> unusable(DeviceSpec device) {
            return Optional.empty();
        }

        @Override
        public Engine open(DeviceSpec device) {
            throw new EngineException("it computes wrongly");
        }
    };

    @Test
    void autoGoesOnWithTheNextEngineWhereTheFastestDoesNotOpenAndOneThatIsNamedIsAnError() {
        EngineProvider dl4j = Engines.available().stream()
                .filter(provider -> provider.name().equals("dl4j"))
                .findFirst()
                .orElseThrow();
        try (Engine engine = Engines.open("auto", CPU, List.of(WRONG, ABSENT, dl4j))) {
            assertThat(engine.info().label()).startsWith("dl4j");
        }
        assertThatThrownBy(() -> Engines.open("wrong", CPU, List.of(WRONG, dl4j)))
                .hasMessage("it computes wrongly");
        assertThatThrownBy(() -> Engines.open("auto", CPU, List.of(WRONG, ABSENT)))
                .hasMessage("it computes wrongly");
    }

    @Test
    void dl4jIsOffered() {
        assertThat(Engines.available()).extracting(EngineProvider::name).contains("dl4j");
    }

    @Test
    void devicesAreReadAsSettingsWriteThem() {
        assertThat(DeviceSpec.parse("gpu:3")).isEqualTo(new DeviceSpec.Gpu(3));
        assertThat(DeviceSpec.parse("cpu")).hasToString("cpu");
        assertThat(DeviceSpec.parse("auto")).hasToString("auto");
        assertThatThrownBy(() -> DeviceSpec.parse("cuda"))
                .hasMessage("device must be auto, cpu or gpu:N, but was cuda");
    }

    @Test
    void cardsAreReadFromWhatTheDriverPrints() {
        assertThat(NvidiaCard.parse(List.of("0, NVIDIA H200, 9.0", "1, Tesla T4, 7.5", "No devices were found")))
                .containsExactly(new NvidiaCard(0, "NVIDIA H200", 9, 0), new NvidiaCard(1, "Tesla T4", 7, 5));
    }
}
