package io.tidemark.deploy;

import io.tidemark.DocumentLines;
import io.tidemark.WrittenFile;
import io.tidemark.deploy.dashboard.MeterQuery;
import io.tidemark.metrics.MeterName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code METRICS.md} is written from the one list of meters. */
class MetricsDocumentTest {
    private static final Path FILE = Path.of("src/docs/METRICS.md");
    private static final String COMMAND = "mvn -q test -Dtest=MetricsDocumentTest -Dregenerate";

    @Test
    void theDocumentSaysWhatTheProcessShows() throws IOException {
        WrittenFile.hold(FILE, document(), COMMAND);
    }

    private static String document() {
        StringBuilder text = new StringBuilder();
        text.append(
                        "# Metrics\n\nEach process shows them at `/metrics` (`--metrics-host`, `--metrics-port`), to those who know a\nsecret with `--metrics-secret`, over TLS with `--metrics-certificate` and `--metrics-key`. `/healthy` answers 200 while")
                .append(
                        " every role of the process does its work, and 503 when one has failed. Labels have a bounded number of values;")
                .append(
                        " the series is one only in `tidemark_strangest_series`, which names few at a time. Over time it names every series that")
                .append(" was ever strange: where that is too much for your Prometheus, drop it with")
                .append(" `metric_relabel_configs`. Written by `")
                .append(COMMAND)
                .append("`.\n\n## Tidemark\n\n| metric | kind | labels | meaning |\n|---|---|---|---|\n");
        for (MeterName meter : MeterName.values()) {
            text.append("| ")
                    .append(names(Set.of(MeterQuery.name(meter))))
                    .append(" | ")
                    .append(meter.kind().name().toLowerCase(Locale.ROOT))
                    .append(meter.kind() == MeterName.Kind.GAUGE ? "" : " of " + meter.unit())
                    .append(" | ")
                    .append(names(Set.copyOf(meter.labels())))
                    .append(" | ")
                    .append(meter.help())
                    .append(" |\n");
        }
        text.append(
                        "\nA timer and a summary have `_bucket` (a histogram, so that quantiles over processes can be had), `_count`, `_sum` and `_max`.")
                .append(
                        " A timer's buckets go from 0.1 ms to\n60 s, and one ends at 1 s; what takes longer than 60 s reads as 60 s. A counter starts at 0 with its process.\n\n")
                .append(
                        "## Java and Kafka\n\nMicrometer's meters of the JVM and the process are there too: `jvm_memory_used_bytes`,")
                .append(
                        " `jvm_gc_pause_seconds`, `jvm_threads_live_threads`,\n`process_cpu_usage`, `system_cpu_count` and others.")
                .append(" Kafka's clients and Kafka Streams show all of their own as `kafka_…`; the dashboards use\n")
                .append(
                        "`kafka_consumer_fetch_manager_records_lag_max`: records between a consumer and the end of its furthest partition.\n");
        return DocumentLines.wrapped(text.toString()) + "\n";
    }

    private static String names(Set<String> names) {
        return names.stream().sorted().map(name -> "`" + name + "`").collect(Collectors.joining(" "));
    }
}
