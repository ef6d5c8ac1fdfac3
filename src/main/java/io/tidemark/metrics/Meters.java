package io.tidemark.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;

/**
 * The meters of one process, by {@link MeterName} and label values.
 *
 * <p>Look a meter up once, outside the hot path, and keep it: a lookup hashes its labels. Safe for any thread.
 */
public final class Meters {
    /** A timer has a bucket that ends here, so that a share of values within the service level is exact. */
    private static final Duration SERVICE_LEVEL = Duration.ofSeconds(1);

    private final MeterRegistry registry;
    private final Map<String, Level> levels = new ConcurrentHashMap<>();

    /** A value that goes up and down, set by its owner. */
    public static final class Level {
        private final DoubleAdder adder = new DoubleAdder();
        private volatile double base;

        public void set(double value) {
            adder.reset();
            base = value;
        }

        public void add(double difference) {
            adder.add(difference);
        }

        public double value() {
            return base + adder.sum();
        }
    }

    public Meters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Where Kafka's own binders hang their meters. */
    public MeterRegistry registry() {
        return registry;
    }

    public Counter counter(MeterName name, String... labels) {
        check(name, MeterName.Kind.COUNTER);
        return Counter.builder(name.id())
                .description(name.help())
                .tags(tags(name, labels))
                .register(registry);
    }

    public Timer timer(MeterName name, String... labels) {
        check(name, MeterName.Kind.TIMER);
        return Timer.builder(name.id())
                .description(name.help())
                .tags(tags(name, labels))
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofNanos(100_000))
                .maximumExpectedValue(Duration.ofMinutes(1))
                .serviceLevelObjectives(SERVICE_LEVEL)
                .register(registry);
    }

    public DistributionSummary summary(MeterName name, String... labels) {
        check(name, MeterName.Kind.SUMMARY);
        return DistributionSummary.builder(name.id())
                .description(name.help())
                .baseUnit(name.unit())
                .tags(tags(name, labels))
                .serviceLevelObjectives(1, 10, 100, 500, 1000, 2000, 5000)
                .register(registry);
    }

    /** A gauge that its owner sets. */
    public Level level(MeterName name, String... labels) {
        check(name, MeterName.Kind.GAUGE);
        Tags tags = tags(name, labels);
        return levels.computeIfAbsent(name.id() + tags, key -> {
            Level level = new Level();
            Gauge.builder(name.id(), level, Level::value)
                    .description(name.help())
                    .tags(tags)
                    .register(registry);
            return level;
        });
    }

    private static void check(MeterName name, MeterName.Kind kind) {
        if (name.kind() != kind) throw new IllegalArgumentException(name + " is a " + name.kind() + ", not a " + kind);
    }

    private static Tags tags(MeterName name, String... values) {
        if (values.length != name.labels().size()) {
            throw new IllegalArgumentException(
                    name + " has the labels " + name.labels() + ", but got " + List.of(values));
        }
        List<Tag> tags = new ArrayList<>();
        for (int i = 0; i < values.length; i++) tags.add(Tag.of(name.labels().get(i), values[i]));
        return Tags.of(tags);
    }
}
