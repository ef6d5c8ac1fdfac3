package io.tidemark.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CostBaselineTest {
    @TempDir
    Path folder;

    @Test
    void whatARunWritesAsJsonIsABaselineThatItKeepsTo() throws IOException {
        EndToEnd.Result result = result(5, 400, 20_000);
        CostBaseline baseline = CostBaseline.read(write(new ObjectMapper().writeValueAsString(result)));
        assertThat(baseline).isEqualTo(new CostBaseline(5, 400, 20_000));
        assertThat(baseline.risen(result)).isEmpty();
    }

    @Test
    void eachFigureThatRisesByMoreThanItMayIsNamed() {
        CostBaseline baseline = new CostBaseline(5, 400, 20_000);
        assertThat(baseline.risen(result(5.7, 459, 22_900))).isEmpty();
        assertThat(baseline.risen(result(5.8, 400, 20_000)))
                .singleElement()
                .asString()
                .contains("multiples of the pass-through: 5.8", "16 % above the baseline's 5.0");
        assertThat(baseline.risen(result(4, 461, 23_100))).hasSize(2);
        assertThat(baseline.risen(result(1, 1, 1))).isEmpty();
    }

    @Test
    void aFileWithoutOneOfTheFiguresIsRefusedWithTheRemedy() throws IOException {
        Path file = write("{\"cpuMultiple\": 5, \"tidemark\": {\"logBytes\": 400}}");
        assertThatThrownBy(() -> CostBaseline.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("/tidemark/garbageBytes", "bench end-to-end --json");
    }

    private Path write(String json) throws IOException {
        return Files.writeString(folder.resolve("baseline.json"), json);
    }

    private static EndToEnd.Result result(double multiple, double logBytes, double garbageBytes) {
        EndToEnd.Cost one = cost(10, 100, 1_000);
        return new EndToEnd.Result(
                new EndToEnd.Settings(10, 0, 100, 0, 0), one, cost(10 * multiple, logBytes, garbageBytes), multiple);
    }

    private static EndToEnd.Cost cost(double cpuMicros, double logBytes, double garbageBytes) {
        return new EndToEnd.Cost(1, cpuMicros, Map.of(), logBytes, Map.of(), garbageBytes, 1, 2);
    }
}
