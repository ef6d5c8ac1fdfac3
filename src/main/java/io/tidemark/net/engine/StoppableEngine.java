package io.tidemark.net.engine;

import io.tidemark.net.network.Network;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * An engine that can be stopped between two steps, whatever trains or scores on it: the step under way is finished, and every later
 * call throws {@link StoppedException}. So a process never ends, and memory is never freed, while native code computes.
 *
 * <p>A step costs one uncontended read lock. {@link #bare} loops are not guarded. Safe to share between threads, as the engine is.
 */
public final class StoppableEngine implements Engine {
    private final Engine engine;
    private final ReadWriteLock steps = new ReentrantReadWriteLock();
    private volatile boolean stopped;
    private volatile boolean closed;

    /** @param engine is closed with this one */
    public StoppableEngine(Engine engine) {
        this.engine = engine;
    }

    /**
     * Stops with the JVM too: its end waits for the steps under way.
     *
     * @param then runs when the JVM ends before the engine was closed, after the last step
     */
    public static StoppableEngine untilExit(Engine engine, Runnable then) {
        StoppableEngine guarded = new StoppableEngine(engine);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> guarded.exit(then), "stop-engine"));
        return guarded;
    }

    private void exit(Runnable then) {
        if (closed) return;
        stop();
        then.run();
    }

    /** Waits for the steps under way; none begins any more. Memory stays as it is. */
    public void stop() {
        stopped = true;
        steps.writeLock().lock();
        steps.writeLock().unlock();
    }

    private <T> T step(Supplier<T> body) {
        steps.readLock().lock();
        try {
            if (stopped) throw new StoppedException();
            return body.get();
        } finally {
            steps.readLock().unlock();
        }
    }

    private void run(Runnable body) {
        steps.readLock().lock();
        try {
            if (stopped) throw new StoppedException();
            body.run();
        } finally {
            steps.readLock().unlock();
        }
    }

    /** Memory of a stopped engine goes with the process. */
    private void free(Runnable body) {
        steps.readLock().lock();
        try {
            if (!stopped) body.run();
        } finally {
            steps.readLock().unlock();
        }
    }

    @Override
    public EngineInfo info() {
        return engine.info();
    }

    @Override
    public List<String> unsupported(Network network) {
        return engine.unsupported(network);
    }

    @Override
    public NetworkState initialState(Network network, long seed) {
        return engine.initialState(network, seed);
    }

    @Override
    public ScoringReplica scoring(Network network, int batchCapacity) {
        return new Scoring(step(() -> engine.scoring(network, batchCapacity)));
    }

    @Override
    public TrainingReplica training(Network network) {
        return new Training(step(() -> engine.training(network)));
    }

    @Override
    public Optional<BareLoop> bare(Network network, int batch) {
        return engine.bare(network, batch);
    }

    @Override
    public void close() {
        free(engine::close);
        stopped = true;
        closed = true;
    }

    private final class Scoring implements ScoringReplica {
        private final ScoringReplica replica;

        Scoring(ScoringReplica replica) {
            this.replica = replica;
        }

        @Override
        public void load(NetworkState state) {
            run(() -> replica.load(state));
        }

        @Override
        public float[] input(String name) {
            return replica.input(name);
        }

        @Override
        public void forward(int samples) {
            run(() -> replica.forward(samples));
        }

        @Override
        public float[] output(String name) {
            return replica.output(name);
        }

        @Override
        public void close() {
            free(replica::close);
        }
    }

    private final class Training implements TrainingReplica {
        private final TrainingReplica replica;

        Training(TrainingReplica replica) {
            this.replica = replica;
        }

        @Override
        public void load(NetworkState state) {
            run(() -> replica.load(state));
        }

        @Override
        public NetworkState state() {
            return step(replica::state);
        }

        @Override
        public float[] input(String name) {
            return replica.input(name);
        }

        @Override
        public float[] target(String name) {
            return replica.target(name);
        }

        @Override
        public float[] weight(String name) {
            return replica.weight(name);
        }

        @Override
        public void learningRate(double rate) {
            run(() -> replica.learningRate(rate));
        }

        @Override
        public void freeze(Set<String> parameters) {
            run(() -> replica.freeze(parameters));
        }

        @Override
        public float train(int samples) {
            return step(() -> replica.train(samples));
        }

        @Override
        public void close() {
            free(replica::close);
        }
    }
}
