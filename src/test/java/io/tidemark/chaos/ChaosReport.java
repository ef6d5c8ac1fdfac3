package io.tidemark.chaos;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Faults by kind with the time that outcomes took to come again, as a table. */
final class ChaosReport {
    private ChaosReport() {}

    static String table(List<ChaosFault> faults) {
        StringBuilder text = new StringBuilder("| fault | number | recovery, median | worst |\n|---|---|---|---|\n");
        for (ChaosFault.Kind kind : ChaosFault.Kind.values()) {
            List<ChaosFault> those = faults.stream().filter(f -> f.kind == kind).toList();
            if (those.isEmpty()) continue;
            double[] seconds = those.stream()
                    .filter(ChaosFault::isRecovered)
                    .mapToDouble(ChaosFault::recoverySeconds)
                    .sorted()
                    .toArray();
            String times = seconds.length == 0
                    ? "| - | - "
                    : String.format(
                            Locale.ROOT,
                            "| %.1f s | %.1f s ",
                            median(seconds),
                            Arrays.stream(seconds).max().orElseThrow());
            text.append("| ")
                    .append(kind.words)
                    .append(" | ")
                    .append(those.size())
                    .append(' ')
                    .append(times)
                    .append("|\n");
        }
        return text.toString();
    }

    private static double median(double[] sorted) {
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
