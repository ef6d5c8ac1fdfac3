package io.tidemark.model.registry;

import java.util.Objects;

/**
 * How far the next version of a network has come since its parent checkpoint.
 *
 * @param parent sha256 of the parent checkpoint's manifest; empty where the learner began with nothing
 * @param config sha256 of what is declared about learning
 * @param machine engine, its build, and what it computes on
 * @param order records taken since, as {@link io.tidemark.learn.learning.Interleaving#encode} writes them
 * @param taught rows of the stream that had taught at the parent
 * @param withheld rows that had been withheld
 */
public record OpenLineage(String parent, String config, String machine, String order, long taught, long withheld) {
    public OpenLineage {
        Objects.requireNonNull(parent, "a lineage must have a parent");
        Objects.requireNonNull(config, "a lineage must have a config");
        Objects.requireNonNull(machine, "a lineage must have a machine");
        Objects.requireNonNull(order, "a lineage must have an order");
    }
}
