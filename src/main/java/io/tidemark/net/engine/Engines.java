package io.tidemark.net.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses and opens an engine by the setting {@code engine: auto | dl4j | djl}. */
public final class Engines {
    /** The setting that takes the fastest engine that is usable. */
    public static final String AUTO = "auto";

    private static final Logger log = LoggerFactory.getLogger(Engines.class);

    /** @param reason why this one, in a sentence */
    public record Choice(EngineProvider provider, String reason) {}

    private Engines() {}

    /**
     * Opens the engine of that name on the device and logs the choice with its reason; with {@code auto} the next fastest where one does not open, say because
     * it computes wrongly here. The caller closes it.
     *
     * @param name {@code auto} or an engine's name
     * @throws EngineException when no engine fits or opens; says for each why not
     */
    public static Engine open(String name, DeviceSpec device) {
        return open(name, device, available());
    }

    /** @param providers fastest first */
    static Engine open(String name, DeviceSpec device, List<EngineProvider> providers) {
        Choice choice = choose(name, device, providers);
        try {
            Engine engine = choice.provider().open(device);
            log.info("engine {} ({}): {}", engine.info().label(), engine.info().build(), choice.reason());
            return engine;
        } catch (EngineException failed) {
            List<EngineProvider> others = new ArrayList<>(providers);
            others.remove(choice.provider());
            boolean goesOn = name.equals(AUTO)
                    && others.stream().anyMatch(other -> other.unusable(device).isEmpty());
            if (!goesOn) throw failed;
            log.warn("engine auto goes on without {}: {}", choice.provider().name(), failed.getMessage());
            return open(name, device, others);
        }
    }

    /** The engines in this program, fastest first. */
    public static List<EngineProvider> available() {
        List<EngineProvider> providers = new ArrayList<>();
        for (EngineProvider provider : ServiceLoader.load(EngineProvider.class)) providers.add(provider);
        providers.sort(Comparator.comparingInt(EngineProvider::speed).reversed());
        return providers;
    }

    /**
     * Decides without loading anything.
     *
     * @param providers fastest first
     */
    public static Choice choose(String name, DeviceSpec device, List<EngineProvider> providers) {
        List<String> refused = new ArrayList<>();
        for (EngineProvider provider : providers) {
            if (!name.equals(AUTO) && !name.equals(provider.name())) continue;
            Optional<String> why = provider.unusable(device);
            if (why.isPresent()) {
                refused.add(provider.name() + ": " + why.get());
                continue;
            }
            String reason = name.equals(AUTO) ? "the fastest here on device " + device : "as set";
            if (!refused.isEmpty()) reason += "; not " + String.join("; not ", refused);
            return new Choice(provider, reason);
        }
        if (refused.isEmpty()) {
            List<String> names = providers.stream().map(EngineProvider::name).toList();
            throw new EngineException("engine must be auto or one of " + names + ", but was " + name);
        }
        throw new EngineException(
                "no engine for engine " + name + " on device " + device + ": " + String.join("; ", refused));
    }
}
