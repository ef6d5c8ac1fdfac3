package io.tidemark.deploy;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tidemark.deploy.dashboard.MeterQuery;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.MetricsEndpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What stands on a process' metrics page: the names of the samples, as Prometheus stores them, each with its labels. */
final class MetricsPage {
    /** Samples in use that stand on the page once a client has fetched, or the collector has run. */
    private static final Map<String, Set<String>> LATER = Map.of(
            "kafka_consumer_fetch_manager_records_lag_max", Set.of("client_id", "kafka_version", "partition", "topic"),
            "kafka_consumer_fetch_manager_records_consumed_total", Set.of("client_id", "kafka_version", "topic"),
            "jvm_gc_pause_seconds_sum", Set.of("action", "cause", "gc"));

    private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? \\S+$");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]\\w*)=\"(?:[^\"\\\\]|\\\\.)*\"");

    private MetricsPage() {}

    /** The page after every declared meter was recorded into. */
    static String text() {
        try (MetricsEndpoint endpoint = new MetricsEndpoint("127.0.0.1", 0, () -> true)) {
            RecordedMeters.record(endpoint.meters());
            return ((PrometheusMeterRegistry) endpoint.meters().registry()).scrape();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The labels of every sample, by its name. */
    static Map<String, Set<String>> samples() {
        Map<String, Set<String>> samples = new TreeMap<>();
        LATER.forEach((name, labels) -> samples.put(name, new TreeSet<>(labels)));
        samples.put("up", Set.of());
        Matcher sample = SAMPLE.matcher(text());
        while (sample.find()) {
            Set<String> labels = samples.computeIfAbsent(sample.group(1), name -> new TreeSet<>());
            if (sample.group(2) == null) continue;
            Matcher label = LABEL.matcher(sample.group(2));
            while (label.find()) labels.add(label.group(1));
        }
        return samples;
    }

    /** The samples of one declared meter. */
    static Set<String> samplesOf(MeterName meter) {
        Set<String> all = samples().keySet();
        Set<String> found = new TreeSet<>();
        for (String ending : endings(meter.kind())) {
            if (all.contains(MeterQuery.name(meter) + ending)) found.add(MeterQuery.name(meter) + ending);
        }
        return found;
    }

    private static Set<String> endings(MeterName.Kind kind) {
        return switch (kind) {
            case COUNTER, GAUGE -> Set.of("");
            case SUMMARY, TIMER -> Set.of("_bucket", "_count", "_max", "_sum");
        };
    }
}
