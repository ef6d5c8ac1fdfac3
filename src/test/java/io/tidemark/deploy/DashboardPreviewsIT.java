package io.tidemark.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Draws the dashboards of the documents from four minutes of a process that runs; by command only. */
@EnabledIfSystemProperty(
        named = "previews.metrics-port",
        matches = "[0-9]+",
        disabledReason =
                "it draws the pictures of the documents: -Dpreviews.metrics-port=PORT names the page of a demo")
class DashboardPreviewsIT {
    private static final Duration BACK = Duration.ofMinutes(4);
    private static final Path IMAGES = Path.of("src/docs/images");

    @TempDir
    Path folder;

    @Test
    void theDashboardsOfADemoAreDrawn() throws Exception {
        int port = Integer.getInteger("previews.metrics-port");
        try (PrometheusServer prometheus = new PrometheusServer(folder, port, Programs.freePort())) {
            String old = "count_over_time(up{job=\"tidemark\"}[1h]) >= " + BACK.toSeconds();
            Eventually.holds(BACK.multipliedBy(2), "four minutes of scrapes", () -> prometheus.hasData(old));
            for (Dashboard dashboard : Dashboard.all()) {
                String name = Path.of(dashboard.file()).getFileName().toString().replace(".json", ".png");
                Path png = folder.resolve(name);
                assertThat(new DashboardPreview(dashboard, prometheus, BACK).draw(png))
                        .isPositive();
                Files.copy(png, IMAGES.resolve("dashboard-" + name), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
