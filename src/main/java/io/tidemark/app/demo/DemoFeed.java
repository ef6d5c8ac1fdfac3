package io.tidemark.app.demo;

import io.tidemark.kafka.client.KafkaConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Produces the demo's events: a past of the fleet at full speed, then the fleet faster than real time beside this
 * machine's own metrics once a second. The live part runs on a thread of its own.
 */
public final class DemoFeed implements AutoCloseable {
    /** Simulated time between two reports of a machine. */
    public static final Duration STEP = Duration.ofMinutes(2);
    /** The longest simulated time before the live part. */
    public static final Duration BACKFILL_MAX = Duration.ofDays(28);
    /** How much faster than real time the live part runs. */
    public static final int SPEED = 60;

    /** Topic of the fleet. */
    public static final String MACHINES = "demo.machines";
    /** Topic of this machine. */
    public static final String HOST = "demo.host";

    private final Producer<byte[], byte[]> producer;
    private final Fleet fleet;
    private final InstantSource clock;
    private final long backfillEvents;
    private final double[] values = new double[Fleet.FEATURES.size()];
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final Thread live = new Thread(this::run, "demo-feed");
    private volatile boolean stopped;
    private volatile long simulatedMs;
    private final long backfillEndMs;
    private long nextMs;
    private final java.util.concurrent.atomic.AtomicLong sent = new java.util.concurrent.atomic.AtomicLong();

    /**
     * @param backfillEndMs simulated time at which the backfill ends; epoch milliseconds, a whole number of steps
     * @param backfill simulated time before it, cut to whole steps; at most {@link #BACKFILL_MAX}
     * @param clock wall time
     */
    public DemoFeed(KafkaConnection kafka, Fleet fleet, long backfillEndMs, Duration backfill, InstantSource clock) {
        this.fleet = fleet;
        this.clock = clock;
        this.backfillEndMs = backfillEndMs;
        long steps = backfill.dividedBy(STEP);
        backfillEvents = steps * fleet.machines();
        nextMs = backfillEndMs - steps * STEP.toMillis();
        simulatedMs = nextMs;
        producer = kafka.producer(Map.of("client.id", "demo-feed"));
    }

    /** Events of the whole backfill. */
    public long backfillEvents() {
        return backfillEvents;
    }

    /**
     * Sends more of the backfill, whole steps of the fleet, and returns when the broker has it.
     *
     * @param most events to have been sent then, at least
     */
    public void backfill(long most) {
        for (; nextMs < backfillEndMs && sent.get() < most; nextMs += STEP.toMillis()) {
            for (int machine = 0; machine < fleet.machines(); machine++) report(machine, nextMs);
        }
        simulatedMs = nextMs;
        producer.flush();
        check();
    }

    /**
     * Begins the live part where the backfill stands.
     *
     * @param faults what goes wrong and when
     */
    public void start(List<Fault> faults) {
        fleet.expect(faults);
        live.start();
    }

    /** Simulated now, epoch milliseconds. */
    public long simulatedMs() {
        return simulatedMs;
    }

    /** Events sent so far, of both streams. */
    public long sent() {
        return sent.get();
    }

    private void run() {
        try {
            live();
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
        }
    }

    private void live() {
        HostMetrics host = new HostMetrics();
        String name = HostMetrics.name();
        long liveMs = nextMs;
        long start = System.nanoTime();
        long reports = 0;
        long seconds = 0;
        long stepNs = STEP.toNanos() / SPEED / fleet.machines();
        while (!stopped) {
            long elapsed = System.nanoTime() - start;
            while (reports * stepNs <= elapsed && !stopped) {
                long at = liveMs + reports / fleet.machines() * STEP.toMillis();
                report((int) (reports++ % fleet.machines()), at);
            }
            simulatedMs = liveMs + elapsed / 1_000_000 * SPEED;
            if (seconds <= elapsed / 1_000_000_000L) {
                host.read(values);
                send(HOST, name, clock.millis(), values);
                seconds++;
            }
            LockSupport.parkNanos(20_000_000L);
        }
    }

    private void report(int machine, long timeMs) {
        fleet.values(machine, timeMs, values);
        send(MACHINES, Fleet.name(machine), timeMs, values);
    }

    private void send(String topic, String host, long timeMs, double[] reported) {
        StringBuilder json = new StringBuilder(160)
                .append("{\"host\":\"")
                .append(host)
                .append("\",\"timestamp\":\"")
                .append(Instant.ofEpochMilli(timeMs))
                .append('"');
        List<String> names = Fleet.FEATURES;
        for (int i = 0; i < names.size(); i++) {
            json.append(",\"")
                    .append(names.get(i))
                    .append("\":")
                    .append(String.format(Locale.ROOT, "%.3f", reported[i]));
        }
        byte[] value = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(topic, host.getBytes(StandardCharsets.UTF_8), value), (metadata, e) -> {
            if (e != null) failure.compareAndSet(null, e);
        });
        sent.incrementAndGet();
    }

    /** @throws IllegalStateException when an event could not be sent */
    public void check() {
        Exception e = failure.get();
        if (e != null) throw new IllegalStateException("an event could not be sent: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        stopped = true;
        try {
            if (live.isAlive()) live.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ofSeconds(5));
    }
}
