package io.tidemark.learn.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What alerts found of labelled incidents, and how often they told of nothing.
 *
 * <p>An incident is found when an alert opens from its first row to {@link Rule#grace} rows after its last. An alert that opens up to
 * {@link Rule#aftermath} rows after an incident is its echo; every alert outside is false.
 *
 * @param rows rows that were judged
 * @param weeks their span of time, summed over series; NaN where rows have no time
 * @param alerts alerts that opened
 * @param falseAlerts those that are neither in an incident nor its echo
 * @param kinds by kind of incident: how many there were and the delay of each that was found
 */
public record AlertsFound(long rows, double weeks, int alerts, int falseAlerts, SortedMap<String, Kind> kinds) {

    /**
     * How close to an incident an alert must open; both in rows, at least 0.
     *
     * @param grace after the last row of an incident, it is still found
     * @param aftermath after the last row of an incident, an alert is no false one
     */
    public record Rule(int grace, int aftermath) {
        /** For faults whose rows are known exactly; the rule of the pager set. */
        public static final Rule FAULTS = new Rule(5, 60);
        /** For windows, which have their slack in them. */
        public static final Rule WINDOWS = new Rule(0, 0);

        public Rule {
            if (grace < 0 || aftermath < grace) {
                throw new IllegalArgumentException(
                        "0 <= grace <= aftermath must hold, but they were " + grace + " and " + aftermath);
            }
        }
    }

    /**
     * The incidents of one kind.
     *
     * @param incidents how many there were
     * @param delays rows from the first row of each incident that was found to its alert; at least 0
     */
    public record Kind(int incidents, List<Integer> delays) {
        public Kind {
            delays = List.copyOf(delays);
        }

        public int found() {
            return delays.size();
        }

        /** The median delay in rows; NaN where none was found. */
        public double medianDelay() {
            if (delays.isEmpty()) return Double.NaN;
            int[] sorted = delays.stream().mapToInt(Integer::intValue).sorted().toArray();
            int half = sorted.length / 2;
            return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2.0;
        }

        private Kind with(Kind other) {
            List<Integer> all = new ArrayList<>(delays);
            all.addAll(other.delays);
            return new Kind(incidents + other.incidents, all);
        }
    }

    public AlertsFound {
        kinds = Collections.unmodifiableSortedMap(new TreeMap<>(kinds));
    }

    /**
     * Holds the alerts of one series against its incidents.
     *
     * @param rows rows of the series
     * @param weeks their span of time; NaN where unknown
     * @param openings rows at which alerts open, ascending
     */
    public static AlertsFound of(int rows, double weeks, List<LabelledIncident> incidents, int[] openings, Rule rule) {
        int[] delays = new int[incidents.size()];
        Arrays.fill(delays, -1);
        int falseAlerts = 0;
        for (int row : openings) {
            boolean near = false;
            for (int i = 0; i < delays.length; i++) {
                LabelledIncident incident = incidents.get(i);
                if (row < incident.from() || row > incident.to() + rule.aftermath()) continue;
                near = true;
                if (delays[i] < 0 && row <= incident.to() + rule.grace()) delays[i] = row - incident.from();
            }
            if (!near) falseAlerts++;
        }
        SortedMap<String, Kind> kinds = new TreeMap<>();
        for (int i = 0; i < delays.length; i++) {
            Kind one = new Kind(1, delays[i] < 0 ? List.of() : List.of(delays[i]));
            kinds.merge(incidents.get(i).kind(), one, Kind::with);
        }
        return new AlertsFound(rows, weeks, openings.length, falseAlerts, kinds);
    }

    /** All series together. */
    public static AlertsFound sum(List<AlertsFound> series) {
        SortedMap<String, Kind> kinds = new TreeMap<>();
        for (AlertsFound one : series) one.kinds.forEach((name, kind) -> kinds.merge(name, kind, Kind::with));
        return new AlertsFound(
                series.stream().mapToLong(AlertsFound::rows).sum(),
                series.stream().mapToDouble(AlertsFound::weeks).sum(),
                series.stream().mapToInt(AlertsFound::alerts).sum(),
                series.stream().mapToInt(AlertsFound::falseAlerts).sum(),
                kinds);
    }

    /** All kinds of incident as one. */
    public Kind all() {
        return kinds.values().stream().reduce(new Kind(0, List.of()), Kind::with);
    }

    /** Share of the incidents that were found, in [0, 1]; NaN where there are none. */
    public double recall() {
        Kind all = all();
        return all.incidents() == 0 ? Double.NaN : (double) all.found() / all.incidents();
    }

    /** Share of the alerts that are not false, in [0, 1]; NaN where none opened. */
    public double precision() {
        return alerts == 0 ? Double.NaN : (double) (alerts - falseAlerts) / alerts;
    }

    /** False alerts in 10,000 rows; NaN without rows. */
    public double falseInTenThousandRows() {
        return rows == 0 ? Double.NaN : 1e4 * falseAlerts / rows;
    }

    /** False alerts of one series in a week; NaN where rows have no time. */
    public double falseInSeriesWeek() {
        return weeks > 0 ? falseAlerts / weeks : Double.NaN;
    }
}
