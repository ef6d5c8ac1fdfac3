package io.tidemark.app.demo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Holds alerts against the injected faults: found, missed, false.
 *
 * <p>A fault is found by the first alert of its machine that opens while it acts or within the grace after it. An alert that
 * touches no fault of its machine is false. One thread.
 */
public final class FaultTally {
    private final List<Fault> faults;
    private final long graceMs;
    private final Map<Fault, Long> foundAt = new HashMap<>();
    private final Set<String> counted = new HashSet<>();
    private int falseAlerts;

    /** @param graceMs how long after a fault an alert still counts as its own; at least 0 */
    public FaultTally(List<Fault> faults, long graceMs) {
        this.faults = List.copyOf(faults);
        this.graceMs = graceMs;
    }

    /**
     * Counts an alert that opened; the same id is counted once.
     *
     * @param id the alert's id
     * @param machine 0-based
     * @param sinceMs event time of its first step
     * @return true when it belongs to a fault
     */
    public boolean opened(String id, int machine, long sinceMs) {
        if (!counted.add(id)) return true;
        boolean owned = false;
        for (Fault fault : faults) {
            if (fault.machine() != machine || sinceMs < fault.fromMs() || sinceMs > fault.toMs() + graceMs) continue;
            foundAt.putIfAbsent(fault, sinceMs);
            owned = true;
        }
        if (!owned) falseAlerts++;
        return owned;
    }

    /** Faults whose start lies before a moment, and so could have been found. */
    public List<Fault> startedBefore(long timeMs) {
        return faults.stream().filter(fault -> fault.fromMs() < timeMs).toList();
    }

    public boolean found(Fault fault) {
        return foundAt.containsKey(fault);
    }

    public int falseAlerts() {
        return falseAlerts;
    }

    /** From a fault's start to its alert; NaN when none was found. */
    public double medianDelayMs() {
        List<Long> delays = new ArrayList<>();
        foundAt.forEach((fault, at) -> delays.add(at - fault.fromMs()));
        delays.sort(null);
        if (delays.isEmpty()) return Double.NaN;
        int middle = delays.size() / 2;
        return delays.size() % 2 == 1 ? delays.get(middle) : (delays.get(middle - 1) + delays.get(middle)) / 2.0;
    }
}
