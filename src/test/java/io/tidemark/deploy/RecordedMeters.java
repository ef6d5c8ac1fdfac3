package io.tidemark.deploy;

import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Every declared meter with a value as a busy, healthy process has it. */
final class RecordedMeters {
    private static final Map<String, List<String>> LABEL_VALUES = Map.ofEntries(
            Map.entry("stream", List.of("machines")),
            Map.entry("network", List.of("dense-ae")),
            Map.entry("engine", List.of("dl4j")),
            Map.entry("device", List.of("cpu")),
            Map.entry("status", List.of("scored", "warming-up", "late")),
            Map.entry("reason", List.of("malformed")),
            Map.entry("result", List.of("scored")),
            Map.entry("use", List.of("taught")),
            Map.entry("queue", List.of("samples")),
            Map.entry("action", List.of("publish", "promote")),
            Map.entry("state", List.of("open")),
            Map.entry("receiver", List.of("alertmanager")),
            Map.entry("group", List.of("machines")),
            Map.entry("severity", List.of("warning")),
            Map.entry("series", List.of("host-17")),
            Map.entry("label", List.of("normal", "anomaly")),
            Map.entry("role", List.of("ingest", "worker", "learner", "verdict", "retrain")));

    private RecordedMeters() {}

    /** Records into every meter once. */
    static void record(Meters meters) {
        for (MeterName name : MeterName.values())
            record(meters, name, new String[name.labels().size()], 0);
    }

    /** Records into every counter, summary and timer once more. */
    static void count(Meters meters) {
        for (MeterName name : MeterName.values()) {
            if (name.kind() != MeterName.Kind.GAUGE)
                record(meters, name, new String[name.labels().size()], 0);
        }
    }

    private static void record(Meters meters, MeterName name, String[] values, int label) {
        if (label < values.length) {
            for (String value : LABEL_VALUES.getOrDefault(name.labels().get(label), List.of())) {
                values[label] = value;
                record(meters, name, values, label + 1);
            }
            return;
        }
        switch (name.kind()) {
            case COUNTER -> meters.counter(name, values).increment(name == MeterName.DEAD_LETTERS ? 0.01 : 10);
            case TIMER -> meters.timer(name, values).record(Duration.ofMillis(20));
            case SUMMARY -> meters.summary(name, values).record(300);
            case GAUGE -> meters.level(name, values).set(level(name));
        }
    }

    private static double level(MeterName name) {
        return switch (name) {
            case MODEL_PUBLISHED -> System.currentTimeMillis() / 1000.0 - 60;
            case ALERTS_OPEN, INCIDENTS_OPEN, SUSPENDED -> 0;
            default -> 1;
        };
    }
}
