package io.tidemark.net.engine;

/**
 * @param name the engine as settings name it, such as {@code dl4j}
 * @param build library and native versions, such as {@code 1.0.0-M2.1 cpu-avx2}
 * @param device {@code cpu} or {@code gpu:N}
 */
public record EngineInfo(String name, String build, String device) {
    /** Short form for scores: {@code dl4j/cpu}. */
    public String label() {
        return name + "/" + device;
    }
}
