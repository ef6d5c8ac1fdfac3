package io.tidemark.net.engine.dl4j;

import io.tidemark.net.engine.Confinement;
import io.tidemark.net.engine.EngineException;
import io.tidemark.net.network.Network;

/** What scoring and training share: weights and arrays of one network, for one thread at a time, until it is closed. */
abstract class Dl4jReplica implements AutoCloseable {
    final Network network;
    final int capacity;
    final Parameters parameters;
    final Memory memory = new Memory();
    final float[] input;
    final float[] output;
    final float[] flat;
    private final Confinement confinement;
    private boolean closed;

    /** @param kind of replica, for messages */
    Dl4jReplica(String kind, Network network, int capacity, boolean trains) {
        this.network = network;
        this.capacity = capacity;
        confinement = new Confinement(kind + " of " + network.spec().name());
        parameters = new Parameters(network, trains);
        input = new float[capacity * network.inputs().get(0).size()];
        output = new float[capacity * network.outputs().get(0).size()];
        flat = new float[parameters.count()];
    }

    public final float[] input(String port) {
        Ports.require(network.inputs(), port);
        return input;
    }

    final void requireSamples(int samples) {
        if (samples >= 1 && samples <= capacity) return;
        throw new EngineException("samples must be in [1, " + capacity + "], but was " + samples);
    }

    /** A step or a copy that only one thread may be in. */
    final void guarded(Runnable body) {
        confinement.enter();
        try {
            if (closed)
                throw new EngineException("a replica of " + network.spec().name() + " is used after close");
            body.run();
        } finally {
            confinement.leave();
        }
    }

    /** Lets go of what lies in the memory, which is closed next. */
    abstract void release();

    @Override
    public final void close() {
        confinement.enter();
        try {
            if (closed) return;
            closed = true;
            release();
            memory.close();
            parameters.close();
        } finally {
            confinement.leave();
        }
    }
}
