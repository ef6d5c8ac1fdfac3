package io.tidemark;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Says every ten seconds which test runs, so that a long one does not look like a build that hangs. */
public final class RunningTests implements TestExecutionListener {
    static final Duration EVERY = Duration.ofSeconds(10);

    private final PrintStream out;
    private final LongSupplier nanoTime;
    private final CountDownLatch ended = new CountDownLatch(1);
    private String name = "";
    private long sinceNanos;

    /** For the platform, which finds this class by its name. */
    public RunningTests() {
        this(System.out, System::nanoTime);
    }

    RunningTests(PrintStream out, LongSupplier nanoTime) {
        this.out = out;
        this.nanoTime = nanoTime;
    }

    @Override
    public void testPlanExecutionStarted(TestPlan plan) {
        Thread started = new Thread(this::watch, "running-tests");
        started.setDaemon(true);
        started.start();
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        ended.countDown();
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        test.getSource().ifPresent(source -> {
            if (source instanceof MethodSource method) {
                started(simple(method.getClassName()) + "." + method.getMethodName());
            } else if (source instanceof ClassSource all) {
                started(simple(all.getClassName()));
            }
        });
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        test.getSource().ifPresent(source -> {
            if (source instanceof MethodSource method) started(simple(method.getClassName()));
        });
    }

    synchronized void started(String what) {
        name = what;
        sinceNanos = nanoTime.getAsLong();
    }

    /** The line as of now; empty where nothing has run for long. */
    synchronized String line() {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong() - sinceNanos);
        if (name.isEmpty() || seconds < EVERY.toSeconds() / 2) return "";
        return String.format(Locale.ROOT, "%s has run for %d s", name, seconds);
    }

    private static String simple(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }

    private void watch() {
        try {
            while (!ended.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                String line = line();
                if (!line.isEmpty()) out.println(line);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
