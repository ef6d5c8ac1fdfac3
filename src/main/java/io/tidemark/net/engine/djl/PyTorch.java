package io.tidemark.net.engine.djl;

import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import io.tidemark.net.engine.EngineException;
import org.jspecify.annotations.Nullable;

/**
 * The PyTorch library of this process, loaded once from the class path or from {@code PYTORCH_LIBRARY_PATH}.
 *
 * <p>Nothing is fetched or reported: DJL is switched to offline before its first class runs. PyTorch computes every call on the
 * calling thread alone; throughput comes from replicas on several threads. The natives are unpacked once below
 * {@code DJL_CACHE_DIR}, by default {@code .djl.ai} in the home folder, or in {@code java.io.tmpdir} when that is read-only.
 */
final class PyTorch {
    private static @Nullable Engine engine;

    private PyTorch() {}

    /** @throws EngineException when the library cannot be loaded on this machine, or computes wrongly on it */
    static synchronized Engine start() {
        Engine started = engine;
        if (started == null) {
            System.setProperty("ai.djl.offline", "true");
            System.setProperty("OPT_OUT_TRACKING", "true");
            System.setProperty("ai.djl.pytorch.num_threads", "1");
            System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
            System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
            OneDnn.choose();
            started = load();
            OneDnn.check();
            engine = started;
        }
        return started;
    }

    /** Library versions, such as {@code 0.35.1 pytorch-2.7.1 cpu}. */
    static String build() {
        return Engine.getDjlVersion() + " pytorch-" + start().getVersion() + (hasCuda() ? " cuda" : " cpu");
    }

    static boolean hasCuda() {
        return start().hasCapability(StandardCapabilities.CUDA);
    }

    private static Engine load() {
        try {
            return Engine.getEngine("PyTorch");
        } catch (ai.djl.engine.EngineException | LinkageError e) {
            throw new EngineException(
                    "engine djl cannot load PyTorch on " + System.getProperty("os.name") + " "
                            + System.getProperty("os.arch") + ": " + e.getMessage()
                            + "; name a libtorch by PYTORCH_LIBRARY_PATH, or use engine: dl4j",
                    e);
        }
    }
}
