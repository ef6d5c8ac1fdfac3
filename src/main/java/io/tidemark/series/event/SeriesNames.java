package io.tidemark.series.event;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which names of features the series of a sample have. */
final class SeriesNames {
    private SeriesNames() {}

    /** A row's values of the fields that name its series. */
    static String key(Map<String, String> row, List<String> series) {
        return String.join(
                "/", series.stream().map(field -> row.getOrDefault(field, "")).toList());
    }

    /**
     * A sentence on names that no series has together, which begins with a blank; empty where one has all.
     *
     * @param names the field that names the features
     * @param all how many names there are
     */
    static String apart(SampleRows rows, String names, List<String> series, int all) {
        Map<String, TreeSet<String>> bySeries = new HashMap<>();
        for (Map<String, String> row : rows.rows()) {
            String name = row.getOrDefault(names, "");
            if (name.isEmpty()) continue;
            bySeries.computeIfAbsent(key(row, series), k -> new TreeSet<>()).add(name);
        }
        if (bySeries.values().stream().anyMatch(own -> own.size() == all)) return "";
        Map<String, Long> sets = bySeries.values().stream()
                .map(own -> String.join(", ", own))
                .collect(Collectors.groupingBy(own -> own, TreeMap::new, Collectors.counting()));
        String told = sets.entrySet().stream()
                .map(set -> set.getValue() + " of " + bySeries.size() + " series have " + set.getKey())
                .collect(Collectors.joining("; "));
        return " No series has all of them: " + told + ". A stream for each set, told apart by `where`, costs less.";
    }
}
