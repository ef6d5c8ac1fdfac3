package io.tidemark.model.registry;

import java.util.List;
import java.util.Map;

/**
 * The models that score, whole and checked; never changed, only replaced.
 *
 * @param champions one for each network that has one
 * @param challengers newest last
 */
public record ServingModels(Map<ModelId, Model> champions, Map<ModelId, List<Model>> challengers) {
    static final ServingModels EMPTY = new ServingModels(Map.of(), Map.of());

    public ServingModels {
        champions = Map.copyOf(champions);
        challengers = Map.copyOf(challengers);
    }
}
