package io.tidemark.role.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.learn.fit.Errors;
import io.tidemark.learn.fit.FitReport;
import io.tidemark.learn.tuning.Hyperparameters;
import io.tidemark.learn.tuning.SearchResult;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
    private static JobReport done(String network, double testError) {
        List<FitReport.Epoch> curve = List.of(
                new FitReport.Epoch(0, 0, Double.NaN, 2, 0.001, 0, 0),
                new FitReport.Epoch(1, 10, 1.5, 1.2, 0.001, 0.1, 0.1),
                new FitReport.Epoch(2, 20, 1.1, 1.3, 0.001, 0.2, 0.2));
        FitReport fit = new FitReport(
                new FitReport.Subject(network, "hash", new int[] {8, 1}, 1234, 5678),
                new FitReport.Machine("djl", "2.7.1", "cpu"),
                new FitReport.Setup(1, 64, 700, 150, null),
                new FitReport.Course(20, 0, 1, FitReport.Stopped.STEPS, 0.2, 0.2, curve),
                List.of(),
                Map.of("test", new Errors(150, 1.2, 2, testError), "validation", new Errors(150, 1.2, 2, 1)),
                Map.of());
        Hyperparameters h = new Hyperparameters(0.002, 64, 0);
        SearchResult search = new SearchResult(
                h,
                1.2,
                0.01,
                List.of(
                        new SearchResult.Tried(0, 0, 10, h, 1.2),
                        new SearchResult.Tried(1, 0, 10, new Hyperparameters(0.9, 64, 0), Double.NaN)));
        return new JobReport(
                job(network),
                JobReport.Status.DONE,
                "",
                new JobReport.Work("w", 1, 0, 65_000, 12.5),
                new JobReport.Outcome(
                        "pump/" + network + "@3",
                        new JobReport.Part(
                                new JobReport.Part.RowCounts(1000, 20, 0, 3),
                                new JobReport.Part.Choice(700, 150, 150, 0, 700, 850),
                                new JobReport.Part.Published(950, 50, 950),
                                1000,
                                null),
                        search,
                        fit,
                        new Errors(150, 1, 1, 0.5)));
    }

    private static RetrainJob job(String network) {
        return new RetrainJob(
                1,
                new RetrainJob.Name("pump", network, 0, 0),
                new Period(0, 10),
                new TrainingPlan(1, 100, 4, 0.05),
                null,
                3);
    }

    @Test
    void ranks_networks_by_their_test_error_and_says_why_one_is_missing() {
        JobReport skipped = new JobReport(
                job("tall<ae>"),
                JobReport.Status.SKIPPED,
                "its history is too short",
                new JobReport.Work("w", 1, 0, 1, 0),
                new JobReport.Outcome("", null, null, null, null));
        String page = HtmlReport.of("pump.run", List.of(done("worse", 0.9), skipped, done("better", 0.3)));
        assertThat(page.indexOf(">better<")).isPositive().isLessThan(page.indexOf(">worse<"));
        assertThat(page)
                .contains(
                        "3 of 3 jobs",
                        "tall&lt;ae&gt;",
                        "skipped: its history is too short",
                        "pump/better@3",
                        "diverged")
                .contains("<polyline", "1 min 5 s")
                .doesNotContain("http", "<script", "NaN", "Infinity", "tall<ae>");
    }

    @Test
    void a_report_survives_its_record() {
        JobReport report = done("ae", 0.3);
        JobReport read = JobReport.fromJson(report.toJson());
        assertThat(read.toJson()).isEqualTo(report.toJson());
        assertThat(read.job().id()).isEqualTo("pump.19700101T000000.000Z.ae.0");
    }
}
