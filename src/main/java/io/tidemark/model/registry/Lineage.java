package io.tidemark.model.registry;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What makes a version a function: it is what its parent checkpoint becomes by taking these records in this order.
 *
 * @param parent sha256 of the parent checkpoint's manifest, which is kept as long as the version; empty where the
 *     learner began with nothing
 * @param config sha256 of what is declared about learning
 * @param machine what the weights were computed on: architecture and processor
 * @param rowsTaught rows that have taught since the parent
 * @param rowsWithheld rows that were withheld since the parent
 * @param losses mean training loss of equal stretches of optimiser steps since the parent, oldest first; at most 64
 */
public record Lineage(
        String parent,
        String config,
        String machine,
        @JsonUnwrapped Taken taken,
        long rowsTaught,
        long rowsWithheld,
        List<Float> losses) {

    /**
     * The records it took since its parent.
     *
     * @param first the first offset taken since the parent, by topic without its prefix; a topic of which none was
     *     taken is absent
     * @param records records taken since the parent
     * @param order the order in which the records of {@code training} and {@code gates} were taken, as {@link
     *     io.tidemark.learn.learning.Interleaving#encode} writes it
     */
    public record Taken(Map<String, Long> first, long records, String order) {
        public Taken {
            Objects.requireNonNull(order, "a lineage must have an order");
            first = Map.copyOf(first);
        }
    }

    public Lineage {
        Objects.requireNonNull(parent, "a lineage must have a parent");
        Objects.requireNonNull(config, "a lineage must have a config");
        Objects.requireNonNull(machine, "a lineage must have a machine");
        losses = List.copyOf(losses);
    }
}
