package io.tidemark.deploy.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.WrittenFile;
import io.tidemark.metrics.MeterName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files of {@code dashboards/} are written from their definition. */
class DashboardFilesTest {
    private static final Path FOLDER = Path.of("dashboards");
    private static final String COMMAND = "mvn -q test -Dtest=DashboardFilesTest,HelmChartTest -Dregenerate";

    @Test
    void everyFileIsAsTheDefinitionSays() throws IOException {
        Set<String> written = new TreeSet<>();
        for (DashboardDefinition dashboard : DashboardDefinition.all()) {
            Path file = FOLDER.resolve(dashboard.name() + ".json");
            WrittenFile.hold(file, DashboardJson.of(dashboard), COMMAND);
            written.add(file.toString());
        }
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(Path::toString)).containsExactlyInAnyOrderElementsOf(written);
        }
    }

    @Test
    void eachDashboardAsksOneQuestionOnce() {
        for (DashboardDefinition dashboard : DashboardDefinition.all()) {
            assertThat(dashboard.question()).startsWith("Tidemark: ").endsWith("?");
            List<String> titles = dashboard.rows().stream()
                    .flatMap(row -> row.panels().stream())
                    .map(Panel::title)
                    .toList();
            assertThat(titles).doesNotHaveDuplicates();
        }
    }

    @Test
    void aQueryByALabelThatItsMeterLacksIsRefused() {
        assertThatThrownBy(() -> MeterQuery.rate(MeterName.EVENTS, "status")).hasMessage("EVENTS has no label status");
        assertThatThrownBy(() -> MeterQuery.rateOf(MeterName.EVENTS, "status", "late"))
                .hasMessage("EVENTS has no label status");
    }
}
