package io.tidemark.learn.fit;

import io.tidemark.net.engine.NetworkState;
import java.util.Set;

/**
 * Where a fit begins.
 *
 * @param state of the network that is fitted, with its optimiser's
 * @param frozen names of parameters that keep their values at first; may be empty
 * @param share of the training in which they do, by the same measure as the learning rate's schedule; in [0, 1]
 */
public record Beginning(NetworkState state, Set<String> frozen, double share) {
    /** The share where none is declared. */
    public static final double SHARE = 0.1;

    public Beginning {
        frozen = Set.copyOf(frozen);
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("the frozen share must be in [0, 1], but was " + share);
        }
    }

    /** A state of which nothing is frozen. */
    static Beginning at(NetworkState state) {
        return new Beginning(state, Set.of(), 0);
    }

    /** What is held when so much of the training is done. */
    Set<String> frozenAt(double progress) {
        return progress < share ? frozen : Set.of();
    }
}
