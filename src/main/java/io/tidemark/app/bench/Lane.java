package io.tidemark.app.bench;

import io.tidemark.net.engine.BareLoop;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.EngineException;
import io.tidemark.net.engine.ScoringReplica;
import io.tidemark.net.engine.TrainingReplica;
import io.tidemark.net.network.Network;
import java.util.Optional;
import java.util.SplittableRandom;

/** One of the loops that a comparison runs in turn: a call repeated on the same batch. Owned by one thread. */
final class Lane implements AutoCloseable {
    private final Runnable call;
    private final AutoCloseable opened;
    private final boolean wall;
    private final ThreadsCpu cpu = new ThreadsCpu();
    private long calls = 1;
    private long cpuNanos;
    private long processNanos;

    private Lane(Runnable call, AutoCloseable opened, boolean wall) {
        this.call = call;
        this.opened = opened;
        this.wall = wall;
    }

    /** The engine's own replica, with a batch in its buffers. */
    static Lane ofEngine(Engine engine, Network network, EngineSpeed.Work work, int batch, boolean wall) {
        if (work == EngineSpeed.Work.SCORE) {
            ScoringReplica replica = engine.scoring(network, batch);
            replica.load(engine.initialState(network, 1));
            fill(replica.input(Network.WINDOW), 1);
            return new Lane(() -> replica.forward(batch), replica, wall);
        }
        TrainingReplica replica = engine.training(network);
        replica.load(engine.initialState(network, 1));
        fill(replica.input(Network.WINDOW), 1);
        fill(replica.target(network.targets().get(0).name()), 1);
        return new Lane(
                () -> {
                    float loss = replica.train(batch);
                    if (Float.isFinite(loss)) return;
                    throw new EngineException("training " + network.spec().name() + " gave the loss " + loss
                            + ", so its speed means nothing; lower its learning rate");
                },
                replica,
                wall);
    }

    /** The engine's library alone, where it has one. */
    static Optional<Lane> ofLibrary(Engine engine, Network network, EngineSpeed.Work work, int batch, boolean wall) {
        Optional<BareLoop> bare = engine.bare(network, batch);
        return bare.map(loop -> {
            fill(loop.input(), 1);
            fill(loop.target(), 1);
            return new Lane(work == EngineSpeed.Work.SCORE ? loop::score : loop::train, loop, wall);
        });
    }

    /** Values that any network takes: in [0, 1), as pixels and quantised rows are. */
    private static void fill(float[] values, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < values.length; i++) values[i] = (float) random.nextDouble();
    }

    private long now() {
        return wall ? System.nanoTime() : cpu.nanos();
    }

    /** Calls until so much time has gone, at least twice, and sets how many calls a slice of a length takes. */
    void warmUp(double seconds, double sliceSeconds) {
        long start = System.nanoTime();
        long before = now();
        long done = 0;
        long limit = (long) (seconds * 1e9);
        while (done < 2 || (now() - before < limit && System.nanoTime() - start < 20 * limit)) {
            for (long burst = Math.max(1, done / 4); burst > 0; burst--, done++) call.run();
        }
        size(done, now() - before, sliceSeconds);
    }

    private void size(long done, long nanos, double sliceSeconds) {
        calls = Math.max(1, Math.round(done * sliceSeconds * 1e9 / Math.max(1, nanos)));
    }

    /** One slice; gives the calls of a second. */
    double slice(double sliceSeconds) {
        long done = calls;
        long process = cpu.processNanos();
        long threads = cpu.nanos();
        long before = now();
        for (long i = 0; i < done; i++) call.run();
        long used = Math.max(1, now() - before);
        cpuNanos += cpu.nanos() - threads;
        processNanos += cpu.processNanos() - process;
        size(done, used, sliceSeconds);
        return done * 1e9 / used;
    }

    /** Processor time of the process outside Java threads, as a share of all that the slices used. */
    double aside() {
        return processNanos <= 0 ? 0 : Math.max(0, 1 - (double) cpuNanos / processNanos);
    }

    @Override
    public void close() {
        try {
            opened.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new EngineException("a loop did not close: " + e.getMessage(), e);
        }
    }
}
