package io.tidemark.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchCommandTest {

    @Test
    void eachEngineGivesALineOfJsonBesideItsLibrary() throws Exception {
        CommandLineSession session = CommandLineSession.of(
                "bench",
                "engines",
                "--networks",
                "dense-ae",
                "--batch",
                "8",
                "--seconds",
                "0.05",
                "--device",
                "cpu",
                "--json");

        assertThat(session.exitCode()).isZero();
        List<String> lines = session.out().lines().toList();
        assertThat(lines).hasSize(4);
        for (String line : lines) {
            JsonNode figure = new ObjectMapper().readTree(line);
            assertThat(figure.path("network").asText()).isEqualTo("dense-ae");
            assertThat(figure.path("work").asText()).isIn("train", "score");
            assertThat(figure.path("calls").asDouble()).isPositive();
            assertThat(figure.path("bareCalls").asDouble()).isPositive();
            boolean reference = figure.path("engine").asText().startsWith("dl4j");
            assertThat(figure.path("timesDl4j").isNull()).isEqualTo(reference);
        }
    }

    @Test
    void anUnknownNetworkIsNamedWithTheOnesThereAre() {
        CommandLineSession session = CommandLineSession.of("bench", "engines", "--networks", "dense-xe");

        assertThat(session.exitCode()).isEqualTo(2);
        assertThat(session.err())
                .contains("--networks has no dense-xe; there are")
                .contains("ref-lstm-ae");
    }

    @Test
    void memoryIsShownAfterEachTenthWithItsGrowth() {
        CommandLineSession session = CommandLineSession.of(
                "bench", "memory", "--networks", "dense-ae", "--engine", "djl", "--for", "1s", "--json");

        assertThat(session.exitCode()).isZero();
        assertThat(session.out().lines()).hasSize(11);
        assertThat(session.out()).contains("residentBytes").contains("\"growth\":");
    }

    @Test
    void settingsOutOfRangeAreNamed() {
        CommandLineSession session = CommandLineSession.of("bench", "engines", "--batch", "0");

        assertThat(session.exitCode()).isEqualTo(2);
        assertThat(session.err()).contains("--batch must be in [1, 4096], but was 0");
    }
}
