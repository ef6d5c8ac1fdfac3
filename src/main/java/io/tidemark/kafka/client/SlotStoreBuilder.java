package io.tidemark.kafka.client;

import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Builds a {@link SlotStore}: the slots lie on disk with a changelog and without a cache, because the live
 * objects are the cache.
 *
 * @param <S> the store
 */
public final class SlotStoreBuilder<S extends SlotStore<?>> implements StoreBuilder<S> {
    private final StoreBuilder<KeyValueStore<Bytes, byte[]>> slots;
    private final Function<KeyValueStore<Bytes, byte[]>, S> over;

    /**
     * @param name of the store, and so of its changelog
     * @param over makes the store from the store of its slots
     */
    public SlotStoreBuilder(String name, Function<KeyValueStore<Bytes, byte[]>, S> over) {
        this.over = over;
        slots = Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingDisabled();
    }

    @Override
    public StoreBuilder<S> withCachingEnabled() {
        return this;
    }

    @Override
    public StoreBuilder<S> withCachingDisabled() {
        return this;
    }

    @Override
    public StoreBuilder<S> withLoggingEnabled(Map<String, String> config) {
        slots.withLoggingEnabled(config);
        return this;
    }

    @Override
    public StoreBuilder<S> withLoggingDisabled() {
        slots.withLoggingDisabled();
        return this;
    }

    @Override
    public S build() {
        return over.apply(slots.build());
    }

    @Override
    public Map<String, String> logConfig() {
        return slots.logConfig();
    }

    @Override
    public boolean loggingEnabled() {
        return slots.loggingEnabled();
    }

    @Override
    public String name() {
        return slots.name();
    }
}
