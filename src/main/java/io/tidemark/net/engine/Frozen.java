package io.tidemark.net.engine;

import io.tidemark.net.network.BoundLayer.Parameter;
import io.tidemark.net.network.Network;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The parts of a flat array of parameters that an optimiser's steps leave as they are. Owned by one thread. */
final class Frozen {
    /** Nothing. */
    static final Frozen NONE = new Frozen(List.of());

    private final List<Span> spans;
    private final float[] kept;

    private record Span(int from, int length) {}

    private Frozen(List<Span> spans) {
        this.spans = spans;
        this.kept = new float[spans.stream().mapToInt(Span::length).sum()];
    }

    /** @throws EngineException when the network has no parameter of a name */
    static Frozen of(Network network, Set<String> names) {
        Set<String> unknown = new HashSet<>(names);
        List<Span> spans = new ArrayList<>();
        int at = 0;
        for (Parameter parameter : network.parameters()) {
            if (unknown.remove(parameter.name())) spans.add(new Span(at, parameter.size()));
            at += parameter.size();
        }
        if (!unknown.isEmpty()) {
            throw new EngineException("network " + network.spec().name() + " has no parameter "
                    + String.join(", ", unknown.stream().sorted().toList()) + " to freeze");
        }
        return spans.isEmpty() ? NONE : new Frozen(spans);
    }

    /** Notes the values as they are before a step. */
    void keep(float[] parameters) {
        int at = 0;
        for (Span span : spans) {
            System.arraycopy(parameters, span.from(), kept, at, span.length());
            at += span.length();
        }
    }

    /** Gives the parameters the noted values again. */
    void putBack(float[] parameters) {
        int at = 0;
        for (Span span : spans) {
            System.arraycopy(kept, at, parameters, span.from(), span.length());
            at += span.length();
        }
    }
}
