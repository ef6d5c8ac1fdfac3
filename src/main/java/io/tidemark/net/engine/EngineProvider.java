package io.tidemark.net.engine;

import java.util.Optional;

/**
 * An engine that may be opened, found by {@link java.util.ServiceLoader}. Asking it loads no native library; only
 * {@link #open} does.
 */
public interface EngineProvider {
    /** As settings name it, such as {@code dl4j}. */
    String name();

    /** How fast it is beside others on the same device; {@code auto} takes the highest that is usable. */
    int speed();

    /** Why it cannot run on the device here, in a sentence with the remedy; empty when it can. */
    Optional<String> unusable(DeviceSpec device);

    /** @throws EngineException when it cannot be opened after all */
    Engine open(DeviceSpec device);
}
