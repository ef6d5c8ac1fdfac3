package io.tidemark.app.bench;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.EngineInfo;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.ShapeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Training steps and scored batches a second of networks on engines, each beside a loop written on the engine's library alone.
 *
 * <p>What is compared runs in turn, in short slices, in an order that is turned round each time, so that whatever else the machine
 * does meets all alike; a ratio is the median of the rounds' ratios. A second is one of processor time on a CPU
 * ({@link ThreadsCpu}) and of the clock on a GPU.
 */
public final class EngineSpeed {
    private static final int ROUNDS = 5;
    private static final String REFERENCE = "dl4j";

    /** What is repeated. */
    public enum Work {
        /** One optimiser step on a batch. */
        TRAIN,
        /** One forward pass over a batch. */
        SCORE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param features values in a row; an image has one channel of 28 rows and columns in their place, or of 32 where the network
     *     halves them more than twice
     */
    public record Subject(NetworkSpec spec, int features) {
        private static final int SIDE = 28;
        private static final int HALVED_SIDE = 32;

        Network bind(int batch) {
            NetworkSpec sized = spec.withTraining(spec.training().withBatch(batch));
            if (sized.input() != NetworkSpec.Input.IMAGE) return sized.bind(features);
            try {
                return sized.bind(1, SIDE, SIDE);
            } catch (ShapeException e) {
                return sized.bind(1, HALVED_SIDE, HALVED_SIDE);
            }
        }
    }

    /**
     * @param batches samples in a call; each in [1, 4096]
     * @param seconds of each loop with each batch, a third of it to warm up; in [0.01, 600]
     */
    public record Settings(List<Integer> batches, double seconds) {
        public Settings {
            batches = List.copyOf(batches);
            if (batches.isEmpty()) throw new IllegalArgumentException("batch must name a size");
            for (int batch : batches) {
                if (batch < 1 || batch > 4096) {
                    throw new IllegalArgumentException("batch must be in [1, 4096], but was " + batch);
                }
            }
            if (!(seconds >= 0.01 && seconds <= 600)) {
                throw new IllegalArgumentException("seconds must be in [0.01, 600], but was " + seconds);
            }
        }
    }

    /**
     */
    public record Figure(
            @JsonUnwrapped Setting setting,
            @JsonUnwrapped Speed speed,
            @JsonUnwrapped Relative relative,
            @JsonUnwrapped Overhead overhead) {

        /**
         * What was measured.
         *
         * @param network its name
         * @param features values in a row, or in an image
         * @param engine such as {@code djl/cpu}
         * @param build library and native versions
         * @param second what a second is: {@code cpu} or {@code wall}
         */
        public record Setting(
                String network, int features, String engine, String build, Work work, int batch, String second) {}

        /**
         * How fast it was, beside the library alone.
         *
         * @param calls training steps or scored batches a second
         * @param windows the same in samples
         * @param bareCalls calls a second of the library alone; absent where the bare loop cannot build the network
         * @param ofBare calls over bare calls; 1 is as fast as the library alone
         */
        public record Speed(
                double calls,
                double windows,
                @Nullable Double bareCalls,
                @Nullable Double ofBare) {}

        /**
         * Beside engine dl4j.
         *
         * @param timesDl4j calls over those of engine dl4j in the same run; absent for itself and where it was not measured
         * @param bareTimesDl4j the same of the two bare loops
         */
        public record Relative(
                @Nullable Double timesDl4j, @Nullable Double bareTimesDl4j) {}

        /**
         * What ran beside the calls.
         *
         * @param jvmShare processor time of the process outside Java threads, which is garbage collection and compilation,
         *     as a share of all in the engine's slices; not in {@code calls}
         * @param bareJvmShare the same of the bare loop
         */
        public record Overhead(double jvmShare, @Nullable Double bareJvmShare) {}
    }

    private final Settings settings;
    private final Consumer<String> progress;

    /** @param progress receives a line for each network and for what is left out */
    public EngineSpeed(Settings settings, Consumer<String> progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /** Measures every network on every engine that has its layers, and gives each figure when it is known. */
    public void run(List<Engine> engines, List<Subject> subjects, Consumer<Figure> figures) {
        int at = 0;
        for (Subject subject : subjects) {
            progress.accept(subject.spec().name() + " (" + ++at + " of " + subjects.size() + ")");
            Network network = subject.bind(1);
            List<Engine> able = new ArrayList<>();
            for (Engine engine : engines) {
                List<String> lacks = engine.unsupported(network);
                if (lacks.isEmpty()) able.add(engine);
                lacks.forEach(progress);
            }
            for (Work work : Work.values()) {
                for (int batch : settings.batches()) {
                    if (work == Work.TRAIN && !trains(network, batch)) continue;
                    compare(able, subject, work, batch).forEach(figures);
                }
            }
        }
    }

    /** Whether steps lower its loss: not those of a closed form, which is computed, nor single samples through a batch norm. */
    private static boolean trains(Network network, int batch) {
        return !network.training().method().isClosedForm()
                && (batch > 1 || network.running().isEmpty());
    }

    /** The loops of one engine and what they gave in each round. */
    private static final class Pair implements AutoCloseable {
        final EngineInfo info;
        final boolean wall;
        final Lane own;
        final Optional<Lane> bare;
        final double[] ownRates = new double[ROUNDS];
        final double[] bareRates = new double[ROUNDS];

        Pair(Engine engine, Network network, Work work, int batch) {
            info = engine.info();
            wall = !info.device().equals("cpu");
            own = Lane.ofEngine(engine, network, work, batch, wall);
            bare = Lane.ofLibrary(engine, network, work, batch, wall);
        }

        @Override
        public void close() {
            own.close();
            bare.ifPresent(Lane::close);
        }
    }

    private List<Figure> compare(List<Engine> engines, Subject subject, Work work, int batch) {
        Network network = subject.bind(batch);
        double slice = settings.seconds() * 2 / 3 / ROUNDS;
        List<Pair> pairs = new ArrayList<>();
        try {
            for (Engine engine : engines) pairs.add(new Pair(engine, network, work, batch));
            for (Pair pair : pairs) {
                pair.own.warmUp(settings.seconds() / 3, slice);
                pair.bare.ifPresent(lane -> lane.warmUp(settings.seconds() / 3, slice));
            }
            for (int round = 0; round < ROUNDS; round++) round(pairs, round, slice);
            List<Figure> figures = new ArrayList<>();
            for (Pair pair : pairs) figures.add(figure(subject, network.features(), work, batch, pair, pairs));
            return figures;
        } finally {
            for (Pair pair : pairs) pair.close();
        }
    }

    private static void round(List<Pair> pairs, int round, double slice) {
        boolean forwards = round % 2 == 0;
        for (int i = 0; i < pairs.size(); i++) {
            Pair pair = pairs.get(forwards ? i : pairs.size() - 1 - i);
            if (forwards) pair.ownRates[round] = pair.own.slice(slice);
            pair.bare.ifPresent(lane -> pair.bareRates[round] = lane.slice(slice));
            if (!forwards) pair.ownRates[round] = pair.own.slice(slice);
        }
    }

    private static Figure figure(Subject subject, int features, Work work, int batch, Pair pair, List<Pair> pairs) {
        @Nullable Double timesDl4j = null;
        @Nullable Double bareTimesDl4j = null;
        for (Pair other : pairs) {
            if (other == pair || !other.info.name().equals(REFERENCE) || other.wall != pair.wall) continue;
            timesDl4j = median(ratios(pair.ownRates, other.ownRates));
            if (pair.bare.isPresent() && other.bare.isPresent()) {
                bareTimesDl4j = median(ratios(pair.bareRates, other.bareRates));
            }
        }
        boolean beside = pair.bare.isPresent();
        double calls = median(pair.ownRates);
        return new Figure(
                new Figure.Setting(
                        subject.spec().name(),
                        features,
                        pair.info.label(),
                        pair.info.build(),
                        work,
                        batch,
                        pair.wall ? "wall" : "cpu"),
                new Figure.Speed(
                        calls,
                        calls * batch,
                        beside ? (Double) median(pair.bareRates) : null,
                        beside ? (Double) median(ratios(pair.ownRates, pair.bareRates)) : null),
                new Figure.Relative(timesDl4j, bareTimesDl4j),
                new Figure.Overhead(pair.own.aside(), pair.bare.map(Lane::aside).orElse(null)));
    }

    private static double[] ratios(double[] above, double[] below) {
        double[] ratios = new double[above.length];
        Arrays.setAll(ratios, i -> above[i] / below[i]);
        return ratios;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
