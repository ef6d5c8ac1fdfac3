package io.tidemark.config;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The known setting that a misspelt or misplaced key most likely means, and what other words may mean. */
public final class Nearest {
    /** Two keys that differ in more than this share of the longer one's letters have nothing to do with each other. */
    private static final double DIFFERENCE_MAX = 0.5;

    private Nearest() {}

    /** The known word that another most likely means. */
    public static Optional<String> of(String word, Set<String> known) {
        return of("", word, Map.of("", known));
    }

    /**
     * The path of the nearest setting: in the same section if one is near there, else anywhere.
     *
     * @param known keys by the path of their section
     */
    static Optional<String> of(String section, String key, Map<String, Set<String>> known) {
        String best = "";
        double least = DIFFERENCE_MAX;
        for (Map.Entry<String, Set<String>> place : known.entrySet()) {
            boolean here = place.getKey().equals(section);
            for (String name : place.getValue()) {
                double away = difference(key, name) + (here ? 0 : 0.25);
                String path = place.getKey().isEmpty() ? name : place.getKey() + "." + name;
                if (away < least || away == least && !best.isEmpty() && path.compareTo(best) < 0) {
                    least = away;
                    best = path;
                }
            }
        }
        return best.isEmpty() ? Optional.empty() : Optional.of(best);
    }

    /** Insertions, deletions and replacements (Levenshtein 1966) as a share of the longer text; in [0, 1]. */
    private static double difference(String a, String b) {
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) above[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
            }
            above = row;
        }
        return above[b.length()] / (double) Math.max(1, Math.max(a.length(), b.length()));
    }
}
