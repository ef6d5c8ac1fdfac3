package io.tidemark.net.engine.djl;

import ai.djl.util.Utils;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** The PyTorch that would be loaded, as far as its files tell without loading it. */
enum Libtorch {
    ABSENT,
    BUNDLED_CPU,
    BUNDLED_CUDA,
    /** Named by {@code PYTORCH_LIBRARY_PATH}. */
    OWN_CPU,
    /** Named by {@code PYTORCH_LIBRARY_PATH}, with CUDA: which cards it knows is seen only by trying. */
    OWN_CUDA;

    private static final String BUNDLED = "native/lib/pytorch.properties";

    boolean cuda() {
        return this == BUNDLED_CUDA || this == OWN_CUDA;
    }

    static Libtorch present() {
        return present(Utils.getEnvOrSystemProperty("PYTORCH_LIBRARY_PATH"), Libtorch.class.getClassLoader());
    }

    /** @param own folders that DJL looks through first */
    static Libtorch present(@Nullable String own, ClassLoader classes) {
        if (own != null) {
            for (String folder : own.split(File.pathSeparator, -1)) {
                if (!Files.exists(Path.of(folder, "libtorch.so"))) continue;
                return Files.exists(Path.of(folder, "libtorch_cuda.so")) ? OWN_CUDA : OWN_CPU;
            }
        }
        try (InputStream file = classes.getResourceAsStream(BUNDLED)) {
            if (file == null) return ABSENT;
            Properties properties = new Properties();
            properties.load(file);
            return properties.getProperty("flavor", "").startsWith("cu") ? BUNDLED_CUDA : BUNDLED_CPU;
        } catch (IOException e) {
            return ABSENT;
        }
    }
}
