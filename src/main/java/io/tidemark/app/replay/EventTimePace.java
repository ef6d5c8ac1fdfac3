package io.tidemark.app.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.config.StreamSpec;
import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.event.EventDecoder;
import io.tidemark.series.event.RejectReason;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Events as far apart as they once were, divided by the speed. Each series starts at its first event, so that files of different years
 * run side by side; an event older than the one before it, or without a readable time, is sent right after that one. One thread.
 */
public final class EventTimePace implements Pace {
    /** No event time is too far beyond it. */
    private static final long LAST_MS = 253_402_300_799_999L;

    private final EventDecoder decoder;
    private final DecodedEvent event;
    private final double speed;
    private final LongSupplier nanoClock;
    private final Map<String, Course> courses = new HashMap<>();

    private boolean started;
    private long startNanos;

    /** One series' way through the replay. */
    private static final class Course {
        final long firstMs;
        final long startedNanos;
        long dueNanos;

        Course(long firstMs, long startedNanos) {
            this.firstMs = firstMs;
            this.startedNanos = startedNanos;
            this.dueNanos = startedNanos;
        }
    }

    /** @param speed how many times faster than it happened; above 0 */
    public EventTimePace(StreamSpec stream, double speed, LongSupplier nanoClock) {
        this.decoder = new EventDecoder(stream);
        this.event = new DecodedEvent(stream.features());
        this.speed = speed;
        this.nanoClock = nanoClock;
    }

    @Override
    public long due(byte[] key, byte[] value, long number) {
        RejectReason reason = decoder.decode(key, value, LAST_MS, event);
        boolean timed = reason == null || event.timeMs != 0;
        Course course = courses.get(new String(key, UTF_8));
        if (course == null) {
            long elapsed = elapsedNanos();
            if (timed) {
                courses.put(new String(key, UTF_8), new Course(event.timeMs, elapsed));
            }
            return elapsed;
        }
        if (timed) {
            double passedNanos = (event.timeMs - course.firstMs) * 1e6 / speed;
            course.dueNanos = Math.max(course.dueNanos, course.startedNanos + Math.round(passedNanos));
        }
        return course.dueNanos;
    }

    @Override
    public void await(long dueNanos) {
        if (!started) {
            started = true;
            startNanos = nanoClock.getAsLong();
        }
        long left = dueNanos - elapsedNanos();
        while (left > 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(left);
            left = dueNanos - elapsedNanos();
        }
    }

    /** Time since the first wait; opening many files beforehand takes none. */
    private long elapsedNanos() {
        return started ? nanoClock.getAsLong() - startNanos : 0;
    }
}
