package io.tidemark.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
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
    private final Map<String, Ranking> rankings = new ConcurrentHashMap<>();

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

    /**
     * Gauges of the highest members of something, whose names change: the meter's last label is the member.
     *
     * @param most members that are shown at a time
     * @param labels the meter's other labels
     */
    public Ranking ranking(MeterName name, int most, String... labels) {
        check(name, MeterName.Kind.GAUGE);
        return rankings.computeIfAbsent(name.id() + List.of(labels), key -> new Ranking(name, most, labels));
    }

    /** Members with the highest values, from owners that each say their own. */
    public final class Ranking {
        private final MeterName name;
        private final int most;
        private final String[] labels;
        private final MultiGauge gauges;
        private final Map<Object, Map<String, Double>> owned = new IdentityHashMap<>();

        private Ranking(MeterName name, int most, String... labels) {
            this.name = name;
            this.most = most;
            this.labels = Arrays.copyOf(labels, labels.length + 1);
            gauges = MultiGauge.builder(name.id()).description(name.help()).register(registry);
        }

        /** Takes the owner's members in place of those it said before; none forgets the owner. */
        public synchronized void show(Object owner, Map<String, Double> members) {
            Map<String, Double> before =
                    members.isEmpty() ? owned.remove(owner) : owned.put(owner, Map.copyOf(members));
            if (members.equals(before == null ? Map.of() : before)) return;
            gauges.register(
                    owned.values().stream()
                            .flatMap(own -> own.entrySet().stream())
                            .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                            .limit(most)
                            .map(this::row)
                            .toList(),
                    true);
        }

        private MultiGauge.Row<?> row(Map.Entry<String, Double> member) {
            String[] values = labels.clone();
            values[values.length - 1] = member.getKey();
            return MultiGauge.Row.of(tags(name, values), member.getValue());
        }
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
