package io.tidemark.app.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * A simulated fleet of machines with daily and weekly seasons, correlated noise and labelled faults.
 *
 * <p>Each machine reports processor %, memory %, disk MB/s and network MB/s. The whole fleet is a function of its seed: the
 * same calls give the same values. One thread.
 */
public final class Fleet {
    /** What a machine reports, in the order of {@link #values}. */
    public static final List<String> FEATURES = List.of("cpu", "memory", "disk", "network");

    private static final long DAY_MS = 86_400_000L;

    private final int machines;
    private final long seed;
    private List<Fault> faults;
    private final SplittableRandom[] random;
    private final double[][] wander;
    private final double[][] last;

    /**
     * @param machines in [1, 1000]
     * @param seed of every draw
     * @param faults what goes wrong and when
     */
    public Fleet(int machines, long seed, List<Fault> faults) {
        if (machines < 1 || machines > 1000) {
            throw new IllegalArgumentException("machines must be in [1, 1000], but was " + machines);
        }
        this.machines = machines;
        this.seed = seed;
        this.faults = List.copyOf(faults);
        random = new SplittableRandom[machines];
        wander = new double[machines][FEATURES.size()];
        last = new double[machines][FEATURES.size()];
        for (int m = 0; m < machines; m++) random[m] = new SplittableRandom(seed * 31 + m);
    }

    public int machines() {
        return machines;
    }

    /** The series key of a machine. */
    public static String name(int machine) {
        return String.format(Locale.ROOT, "machine-%02d", machine + 1);
    }

    /** What goes wrong from here on, in place of what was to. */
    void expect(List<Fault> others) {
        faults = List.copyOf(others);
    }

    /**
     * The next report of a machine; call with ascending times.
     *
     * @param timeMs event time in epoch milliseconds
     * @param values receives one value for each of {@link #FEATURES}
     */
    public void values(int machine, long timeMs, double[] values) {
        SplittableRandom r = random[machine];
        double[] w = wander[machine];
        for (int f = 0; f < w.length; f++) w[f] = 0.9 * w[f] + gaussian(r);
        double load = load(machine, timeMs);
        values[0] = clamp(12 + 45 * load + 1.5 * w[0], 0, 100);
        values[1] = clamp(35 + 3 * (machine % 4) + 14 * load + 0.5 * w[1], 0, 100);
        values[2] = Math.max(0, 20 + 60 * load * load + 3 * w[2] + 1.2 * w[0]);
        values[3] = Math.max(0, 5 + 90 * load + 2.5 * w[3] + 1.5 * w[0]);
        for (Fault fault : faults) {
            if (fault.machine() == machine && fault.actsAt(timeMs)) apply(fault, timeMs, values, last[machine], r);
        }
        System.arraycopy(values, 0, last[machine], 0, values.length);
    }

    /** How busy the machine is: a daily wave, quieter weekends, a phase of its own; in about [0, 1]. */
    private double load(int machine, long timeMs) {
        double phase = new SplittableRandom(seed ^ (machine * 0x9E3779B97F4A7C15L)).nextDouble() * 0.08;
        double day = (double) Math.floorMod(timeMs, DAY_MS) / DAY_MS + phase;
        double wave = 0.5 - 0.35 * Math.cos(2 * Math.PI * day) - 0.1 * Math.cos(4 * Math.PI * day);
        long dayOfWeek = Math.floorMod(Math.floorDiv(timeMs, DAY_MS) + 3, 7);
        return dayOfWeek >= 5 ? 0.6 * wave : wave;
    }

    private static void apply(Fault fault, long timeMs, double[] values, double[] last, SplittableRandom r) {
        double progress = (double) (timeMs - fault.fromMs()) / (fault.toMs() - fault.fromMs());
        switch (fault.kind()) {
            case SPIKE -> values[0] = clamp(values[0] + 40, 0, 100);
            case LEVEL_SHIFT -> values[1] = clamp(values[1] + 25, 0, 100);
            case DRIFT -> values[1] = clamp(values[1] + 40 * progress, 0, 100);
            case NOISE -> values[2] = Math.max(0, values[2] + 60 * gaussian(r));
            case FLATLINE -> System.arraycopy(last, 0, values, 0, values.length);
        }
    }

    private static double gaussian(SplittableRandom r) {
        return Math.sqrt(-2 * Math.log(1 - r.nextDouble())) * Math.cos(2 * Math.PI * r.nextDouble());
    }

    private static double clamp(double value, double min, double max) {
        return Math.max(min, Math.min(max, value));
    }

    /**
     * Faults of all five kinds in turn, each on another machine, spread evenly over a stretch.
     *
     * @param fromMs earliest start
     * @param toMs latest end
     * @param everyMs from one start to the next
     * @param lastsMs how long each acts
     */
    public static List<Fault> plan(int machines, long seed, long fromMs, long toMs, long everyMs, long lastsMs) {
        List<Fault> plan = new ArrayList<>();
        SplittableRandom r = new SplittableRandom(seed);
        int shift = r.nextInt(machines);
        for (int i = 0; fromMs + i * everyMs + lastsMs <= toMs; i++) {
            Fault.Kind kind = Fault.Kind.values()[i % Fault.Kind.values().length];
            long start = fromMs + i * everyMs;
            plan.add(new Fault((shift + 5 * i) % machines, kind, start, start + lastsMs));
        }
        return List.copyOf(plan);
    }
}
