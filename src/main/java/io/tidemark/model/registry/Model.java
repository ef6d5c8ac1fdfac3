package io.tidemark.model.registry;

import io.tidemark.net.engine.NetworkState;

/**
 * A complete, checked model.
 *
 * @param manifest where it comes from
 * @param weights what scoring needs
 * @param publishedMs when it was published, by the broker's or publisher's clock; epoch milliseconds
 */
public record Model(ModelVersion manifest, NetworkState weights, long publishedMs) {}
