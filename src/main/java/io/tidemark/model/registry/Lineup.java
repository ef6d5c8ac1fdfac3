package io.tidemark.model.registry;

import java.util.List;
import java.util.Map;

/**
 * The models that score, whole and checked; never changed, only replaced.
 *
 * @param champions one for each network that has one
 * @param challengers newest last
 */
public record Lineup(Map<ModelId, Model> champions, Map<ModelId, List<Model>> challengers) {
    static final Lineup EMPTY = new Lineup(Map.of(), Map.of());

    public Lineup {
        champions = Map.copyOf(champions);
        challengers = Map.copyOf(challengers);
    }
}
