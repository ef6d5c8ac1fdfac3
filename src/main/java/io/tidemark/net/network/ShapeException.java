package io.tidemark.net.network;

import java.util.List;
import java.util.stream.Collectors;

/** A network cannot be bound to a sample shape; carries every reason, not only the first. */
public final class ShapeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /**
     * @param layer index of the layer it lies in; -1 for the network as a whole
     * @param sentence what is wrong, and the remedy
     */
    public record Problem(int layer, String sentence) {}

    ShapeException(String network, List<Problem> problems) {
        super(problems.stream()
                .map(problem -> "network " + network + ": " + problem.sentence())
                .collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
