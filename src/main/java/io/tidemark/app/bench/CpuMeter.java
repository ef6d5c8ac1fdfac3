package io.tidemark.app.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Processor time of this process and one child, split by groups of threads: the profile that says where an event's time goes.
 *
 * <p>What no Java thread accounts for is garbage collection and compilation.
 */
final class CpuMeter {
    static final String CHILD = "broker (child process)";
    static final String JVM = "garbage collection and compilation";

    private final ProcessHandle child;
    private final UnaryOperator<String> group;
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final com.sun.management.OperatingSystemMXBean process =
            ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);

    /** @param group names the group of a thread by the thread's name */
    CpuMeter(ProcessHandle child, UnaryOperator<String> group) {
        this.child = child;
        this.group = group;
    }

    /** Nanoseconds of processor time so far, by group. */
    Map<String, Long> read() {
        Map<String, Long> used = new TreeMap<>();
        long inThreads = 0;
        for (ThreadInfo info : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (info == null) continue;
            long ns = threads.getThreadCpuTime(info.getThreadId());
            if (ns <= 0) continue;
            inThreads += ns;
            used.merge(group.apply(info.getThreadName()), ns, Long::sum);
        }
        used.put(JVM, Math.max(0, process.getProcessCpuTime() - inThreads));
        used.put(CHILD, child.info().totalCpuDuration().orElse(Duration.ZERO).toNanos());
        return used;
    }

    /** What was used between two readings; threads that ended in between are counted under {@link #JVM}. */
    static Map<String, Long> between(Map<String, Long> before, Map<String, Long> after) {
        Map<String, Long> used = new TreeMap<>();
        after.forEach((name, ns) -> used.put(name, Math.max(0, ns - before.getOrDefault(name, 0L))));
        return used;
    }

    static long total(Map<String, Long> used) {
        return used.values().stream().mapToLong(Long::longValue).sum();
    }
}
