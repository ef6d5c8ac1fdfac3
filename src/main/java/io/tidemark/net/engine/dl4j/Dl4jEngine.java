package io.tidemark.net.engine.dl4j;

import io.tidemark.net.engine.BareLoop;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.EngineException;
import io.tidemark.net.engine.EngineInfo;
import io.tidemark.net.engine.NormalisedScoring;
import io.tidemark.net.engine.NormalisedTraining;
import io.tidemark.net.engine.OutOfMemoryException;
import io.tidemark.net.engine.ScoringReplica;
import io.tidemark.net.engine.TrainingReplica;
import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.Network;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Networks on ND4J, the numeric library of Deeplearning4j: matrix products and element-wise functions run on its CPU or CUDA
 * backend, in memory that each replica owns.
 *
 * <p>Deeplearning4j's own layers are not used: they allocate for each call and spend 4 to 20 µs on each of many small operations, which
 * makes small and recurrent networks several times slower than these steps over preallocated arrays.
 *
 * <p>Every replica computes on the thread that calls it; more threads mean more replicas.
 */
public final class Dl4jEngine implements Engine {
    static final String NAME = "dl4j";

    /** The most floats in one array of a replica. */
    private static final long FLOATS_MAX = 1L << 28;

    private final EngineInfo info;

    private Dl4jEngine(EngineInfo info) {
        this.info = info;
    }

    @Override
    public EngineInfo info() {
        return info;
    }

    /**
     * Loads ND4J's backend, which takes up to 3 s the first time after an installation.
     *
     * @throws EngineException when the device cannot be used; says why and names what can
     */
    public static Dl4jEngine open(DeviceSpec device) {
        Optional<String> unusable = new Dl4jProvider().unusable(device);
        if (unusable.isPresent()) throw new EngineException("engine dl4j: " + unusable.get());
        try {
            Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
            Nd4j.getEnvironment().setMaxThreads(1);
            Nd4j.getEnvironment().setMaxMasterThreads(1);
            boolean cpu = Nd4j.getEnvironment().isCPU();
            String build = "nd4j " + version() + (cpu ? " cpu" : " cuda-11.6");
            return new Dl4jEngine(new EngineInfo(NAME, build, cpu ? "cpu" : "gpu:0"));
        } catch (LinkageError | RuntimeException e) {
            throw new EngineException("engine dl4j: ND4J could not be loaded (" + e + "); take engine djl", e);
        }
    }

    private static String version() {
        Properties properties = new Properties();
        try (InputStream in = Nd4j.class.getResourceAsStream("/META-INF/maven/org.nd4j/nd4j-api/pom.properties")) {
            if (in != null) properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version", "of unknown version");
    }

    @Override
    public ScoringReplica scoring(Network network, int batchCapacity) {
        Engine.requireCapacity(batchCapacity);
        return allocated(
                network, batchCapacity, () -> NormalisedScoring.of(network, new Dl4jScoring(network, batchCapacity)));
    }

    @Override
    public TrainingReplica training(Network network) {
        return allocated(
                network,
                network.training().optimisation().batch(),
                () -> NormalisedTraining.of(network, new Dl4jTraining(network)));
    }

    @Override
    public Optional<BareLoop> bare(Network network, int batch) {
        return allocated(network, batch, () -> Dl4jBareLoop.open(network, batch));
    }

    private static <T> T allocated(Network network, int batch, Supplier<T> replica) {
        long widest = network.inputs().get(0).size();
        for (BoundLayer layer : network.layers()) {
            widest = Math.max(widest, Math.max(4L * layer.outputSize(), layer.innerFloats()));
        }
        if (widest * batch > FLOATS_MAX) {
            throw new OutOfMemoryException("network " + network.spec().name() + " has up to " + widest
                    + " floats a sample, and at a batch of " + batch + " more than the limit of " + FLOATS_MAX
                    + "; make the batch smaller");
        }
        try {
            return replica.get();
        } catch (OutOfMemoryError e) {
            throw new OutOfMemoryException(
                    "not enough memory for network " + network.spec().name() + " at a batch of " + batch
                            + "; make the batch smaller, or raise -Xmx, which bounds memory outside the heap too",
                    e);
        }
    }

    @Override
    public void close() {
        // replicas own all memory; the library itself stays loaded
    }
}
