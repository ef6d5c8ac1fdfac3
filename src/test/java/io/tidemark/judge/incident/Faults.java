package io.tidemark.judge.incident;

import io.tidemark.judge.evidence.EvidenceKind;
import io.tidemark.judge.feedback.Feedback;
import io.tidemark.judge.outcome.Alert;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/** Faults of some kind, each another time on other hosts, with the chance that real ones have. */
final class Faults {
    private static final int FEATURES = 12;
    private static final EvidenceKind[] KINDS = {EvidenceKind.POINT, EvidenceKind.LEVEL, EvidenceKind.SEASON};

    /**
     * What a fault moves.
     *
     * @param feature number of each feature, the strongest first
     * @param widths by how many half widths of its band, below 0: down
     */
    record Kind(int[] feature, double[] widths, EvidenceKind evidence) {
        /** Whether most of what one moves the other moves the same way. */
        boolean overlaps(Kind other) {
            int same = 0;
            for (int i = 0; i < feature.length; i++) {
                for (int j = 0; j < other.feature.length; j++) {
                    boolean alike = feature[i] == other.feature[j] && widths[i] * other.widths[j] > 0;
                    if (alike && (i == 0 || j == 0)) same++;
                }
            }
            return same > 0;
        }
    }

    private Faults() {}

    static Kind kind(RandomGenerator random) {
        int count = 1 + random.nextInt(4);
        List<Integer> features = new ArrayList<>();
        while (features.size() < count) {
            int feature = random.nextInt(FEATURES);
            if (!features.contains(feature)) features.add(feature);
        }
        double[] widths = new double[count];
        for (int i = 0; i < count; i++) {
            widths[i] = (random.nextBoolean() ? 1 : -1) * Math.exp(1 + 2 * random.nextDouble()) / (1 + 0.5 * i);
        }
        return new Kind(
                features.stream().mapToInt(Integer::intValue).toArray(), widths, KINDS[random.nextInt(KINDS.length)]);
    }

    /** The alert of one host: every size is off by up to a half, one time in five the evidence is of another kind. */
    static Alert alert(Kind kind, String host, long timeMs, RandomGenerator random) {
        List<Alert.Feature> features = new ArrayList<>();
        double[] sizes = new double[kind.feature.length];
        double sum = 0;
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = kind.widths[i] * (0.67 + 0.83 * random.nextDouble());
            sum += Math.abs(sizes[i]);
        }
        for (int i = 0; i < sizes.length; i++) {
            features.add(new Alert.Feature("f" + kind.feature[i], Math.abs(sizes[i]) / sum, 10 + sizes[i], 10, 9, 11));
        }
        features.sort(Comparator.comparingDouble(Alert.Feature::share).reversed());
        EvidenceKind evidence = random.nextInt(5) == 0 ? KINDS[random.nextInt(KINDS.length)] : kind.evidence;
        return new Alert(
                "hosts/" + host + "@" + Feedback.time(timeMs),
                Alert.State.OPEN,
                new Alert.Subject("hosts", host, 1),
                timeMs,
                timeMs,
                new Alert.Peak(0.9, timeMs, 5 + 2 * random.nextDouble(), evidence, features),
                "",
                "");
    }

    /** The same alert, resolved. */
    static Alert resolved(Alert open, long timeMs) {
        return new Alert(open.id(), Alert.State.RESOLVED, open.subject(), open.sinceMs(), timeMs, open.peak(), "", "");
    }
}
