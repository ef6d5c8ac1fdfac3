package io.tidemark.deploy.dashboard;

import static io.tidemark.deploy.dashboard.MeterQuery.foreign;
import static io.tidemark.deploy.dashboard.MeterQuery.level;
import static io.tidemark.deploy.dashboard.MeterQuery.rate;

import io.tidemark.metrics.MeterName;

/** Panels about processes: what they run, and what they take of their machine. */
final class ProcessPanels {
    private ProcessPanels() {}

    static Panel roles() {
        return Panel.now(
                "Which roles run?",
                "Each role of each process: up, or failed inside a process that goes on. A process that is gone shows nothing here; the"
                        + " rule TidemarkRoleDown tells of it.",
                Look.UP_OR_FAILED,
                new Target(level("min", MeterName.ROLE_UP, "role", "instance"), "{{role}} {{instance}}"));
    }

    static Panel engine() {
        return Panel.now(
                "Which engine runs the networks?",
                "The engine and the device that worker and learner opened at their start, and what was asked for.",
                Look.NAMES,
                new Target(
                        level("max", MeterName.ENGINE, "engine", "device", "reason"),
                        "{{engine}} on {{device}} ({{reason}})"));
    }

    static Panel builds() {
        return Panel.now(
                "Which builds run?",
                "Version and commit of each process, and how many run it: two of them while processes are replaced one after the other.",
                Look.NAMES,
                new Target(level("sum", MeterName.BUILD_INFO, "version", "commit"), "{{version}} {{commit}}"));
    }

    static Panel heap() {
        return Panel.lines(
                "How full is the heap?",
                "Heap in use as a share of its maximum. The engines and RocksDB use memory beside it.",
                "percentunit",
                new Target(
                        "sum by (instance) (" + foreign("jvm_memory_used_bytes", "area=\"heap\"")
                                + ") / sum by (instance) (" + foreign("jvm_memory_max_bytes", "area=\"heap\"")
                                + " > 0)",
                        "{{instance}}"));
    }

    static Panel heapBytes() {
        return Panel.lines(
                "How much memory does it use?",
                "Memory of the JVM, on the heap and beside it. What the engines and RocksDB take of the C library is not part of it.",
                "bytes",
                new Target(
                        "sum by (instance, area) (" + foreign("jvm_memory_used_bytes", "") + ")",
                        "{{instance}} {{area}}"));
    }

    static Panel processor() {
        return Panel.lines(
                "How much CPU does it use?",
                "Processors' worth of CPU that each process uses.",
                "none",
                new Target(processors("max by (instance)"), "{{instance}}"));
    }

    static Panel processorPerEvent() {
        return Panel.lines(
                "How much CPU does an event take?",
                "Processor time of all chosen processes over the events that they read; `tidemark size` says what to expect. With few"
                        + " events it is the price of standing by.",
                "s",
                new Target(
                        "sum(" + processors("max by (instance)") + ") / " + rate(MeterName.EVENTS), "all processes"));
    }

    private static String processors(String aggregated) {
        return aggregated + " (" + foreign("process_cpu_usage", "") + ") * " + aggregated + " ("
                + foreign("system_cpu_count", "") + ")";
    }

    static Panel collector() {
        return Panel.lines(
                "How much time goes to garbage collection?",
                "Share of time that each process stands still for the collector. Above a twentieth the heap is too small.",
                "percentunit",
                new Target(
                        "sum by (instance) (rate(" + foreign("jvm_gc_pause_seconds_sum", "") + "[$__rate_interval]))",
                        "{{instance}}"));
    }
}
