package io.tidemark.app.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * Processor time of every Java thread of this process: the caller's, on which engines compute, and those by which their libraries
 * free memory. Garbage collection and compilation run on threads of the JVM's own, which this leaves out and
 * {@link #processNanos} holds.
 */
final class ThreadsCpu {
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final com.sun.management.OperatingSystemMXBean process =
            ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);

    /** Nanoseconds so far; time of a thread that has ended is no longer in it. */
    long nanos() {
        long sum = 0;
        for (long id : threads.getAllThreadIds()) sum += Math.max(0, threads.getThreadCpuTime(id));
        return sum;
    }

    /** Bytes of heap that the threads alive now have allocated so far. */
    static long allocatedBytes() {
        com.sun.management.ThreadMXBean allocation =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (long bytes : allocation.getThreadAllocatedBytes(allocation.getAllThreadIds())) sum += Math.max(0, bytes);
        return sum;
    }

    /** Nanoseconds of the whole process so far, in steps of 10 ms on Linux. */
    long processNanos() {
        return process.getProcessCpuTime();
    }
}
