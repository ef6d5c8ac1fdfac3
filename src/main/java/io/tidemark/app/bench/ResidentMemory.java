package io.tidemark.app.bench;

import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.ScoringReplica;
import io.tidemark.net.engine.TrainingReplica;
import io.tidemark.net.network.Network;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Whether an engine returns the memory it takes: one thread trains in whole batches with a half one now and then, scores batches of
 * any size in turn with it, gives the trained weights to the scoring replica now and then, and now and then closes both replicas
 * and opens them again, as learners and workers do whose models come and go.
 */
public final class ResidentMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int SAMPLES = 10;
    private static final int SCORING_BATCH = 256;
    private static final int CALLS_A_TURN = 8;
    private static final int TURNS_TO_SWAP = 4;
    private static final int TURNS_TO_REOPEN = 16;

    /**
     * @param seconds since the start
     * @param residentBytes memory of the process that is in RAM, everything included
     * @param heapBytes of it at most, what the Java heap has taken from the system
     * @param steps training steps so far
     * @param windows scored so far
     * @param swaps times that trained weights went to the scoring replica
     * @param reopened times that both replicas were closed and opened
     */
    public record Sample(
            double seconds, long residentBytes, long heapBytes, long steps, long windows, long swaps, long reopened) {}

    private final Engine engine;
    private final List<Network> networks;
    private final Duration lasts;
    private final SplittableRandom random = new SplittableRandom(5);
    private long steps;
    private long windows;
    private long swaps;
    private long reopened;

    /**
     * @param networks taken in turn; at least one
     * @param lasts how long in all; at least 1 s
     */
    public ResidentMemory(Engine engine, List<Network> networks, Duration lasts) {
        if (networks.isEmpty()) throw new IllegalArgumentException("networks must name one");
        if (lasts.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("for must be at least 1s, but was " + lasts.toMillis() + " ms");
        }
        this.engine = engine;
        this.networks = List.copyOf(networks);
        this.lasts = lasts;
    }

    /** Why resident memory cannot be read here; empty where it can. */
    public static Optional<String> unreadable() {
        return Files.isReadable(STATUS)
                ? Optional.empty()
                : Optional.of("resident memory is read from " + STATUS + ", which this system does not have; run it on"
                        + " Linux, or watch the process with the system's own tools");
    }

    /**
     * Runs for the whole time and gives a sample after each tenth of it.
     *
     * @return growth of resident memory from the second sample to the last, as a share of the second
     */
    public double run(Consumer<Sample> samples) {
        List<Sample> taken = new ArrayList<>();
        long start = System.nanoTime();
        long tenth = lasts.toNanos() / SAMPLES;
        List<Pair> pairs = new ArrayList<>();
        try {
            for (Network network : networks) pairs.add(new Pair(network));
            for (long turn = 1; taken.size() < SAMPLES; turn++) {
                for (Pair pair : pairs) pair.turn(turn);
                long passed = System.nanoTime() - start;
                if (passed < tenth * (taken.size() + 1)) continue;
                Sample sample = new Sample(passed / 1e9, resident(), heap(), steps, windows, swaps, reopened);
                taken.add(sample);
                samples.accept(sample);
            }
        } finally {
            for (Pair pair : pairs) pair.close();
        }
        double second = taken.get(1).residentBytes();
        return taken.get(SAMPLES - 1).residentBytes() / second - 1;
    }

    private static long heap() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
    }

    private static long resident() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith("VmRSS:")) return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException(STATUS + " names no VmRSS");
    }

    /** A network's two replicas. */
    private final class Pair {
        private final Network network;
        private TrainingReplica training;
        private ScoringReplica scoring;

        Pair(Network network) {
            this.network = network;
            training = engine.training(network);
            scoring = engine.scoring(network, SCORING_BATCH);
            give(engine.initialState(network, 1));
        }

        private void give(NetworkState state) {
            training.load(state);
            scoring.load(state.weights());
            fill(training.input(Network.WINDOW));
            fill(training.target(network.targets().get(0).name()));
            fill(scoring.input(Network.WINDOW));
        }

        private void fill(float[] values) {
            for (int i = 0; i < values.length; i++) values[i] = (float) random.nextDouble();
        }

        void turn(long turn) {
            int capacity = network.training().optimisation().batch();
            for (int i = 0; i < CALLS_A_TURN; i++) {
                training.train(i == 0 && capacity > 3 ? capacity / 2 : capacity);
                steps++;
            }
            for (int i = 0; i < CALLS_A_TURN; i++) {
                int samples = random.nextInt(1, SCORING_BATCH + 1);
                scoring.forward(samples);
                windows += samples;
            }
            if (turn % TURNS_TO_SWAP == 0) {
                scoring.load(training.state().weights());
                swaps++;
            }
            if (turn % TURNS_TO_REOPEN == 0) reopen();
        }

        private void reopen() {
            NetworkState state = training.state();
            close();
            training = engine.training(network);
            scoring = engine.scoring(network, SCORING_BATCH);
            give(state);
            reopened++;
        }

        void close() {
            training.close();
            scoring.close();
        }
    }
}
