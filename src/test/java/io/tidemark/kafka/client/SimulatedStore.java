package io.tidemark.kafka.client;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** A key-value store in memory that knows what changed since it was last asked. */
final class SimulatedStore implements KeyValueStore<Bytes, byte[]> {
    private final TreeMap<Bytes, byte[]> values = new TreeMap<>();
    private final TreeSet<Bytes> changed = new TreeSet<>();

    /** Told of each change. */
    interface Change {
        void change(Bytes key, byte @Nullable [] value);
    }

    void drain(Change sink) {
        for (Bytes key : changed) sink.change(key, values.get(key));
        changed.clear();
    }

    void restore(byte[] key, byte @Nullable [] value) {
        if (value == null) values.remove(Bytes.wrap(key));
        else values.put(Bytes.wrap(key), value);
    }

    @Override
    public void put(Bytes key, byte[] value) {
        restore(key.get(), value);
        changed.add(key);
    }

    @Override
    public byte[] putIfAbsent(Bytes key, byte[] value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
        for (KeyValue<Bytes, byte[]> entry : entries) put(entry.key, entry.value);
    }

    @Override
    public byte @Nullable [] delete(Bytes key) {
        byte[] before = values.get(key);
        values.remove(key);
        changed.add(key);
        return before;
    }

    @Override
    public byte @Nullable [] get(Bytes key) {
        return values.get(key);
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
        return over(values.subMap(from, true, to, true));
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> all() {
        return over(values);
    }

    @Override
    public <S extends Serializer<P>, P> KeyValueIterator<Bytes, byte[]> prefixScan(P prefix, S serializer) {
        byte[] begin = serializer.serialize(null, prefix);
        Map<Bytes, byte[]> found = new TreeMap<>();
        values.tailMap(Bytes.wrap(begin), true).forEach((key, value) -> {
            byte[] bytes = key.get();
            boolean has = bytes.length >= begin.length;
            for (int i = 0; has && i < begin.length; i++) has = bytes[i] == begin[i];
            if (has) found.put(key, value);
        });
        return over(found);
    }

    private static KeyValueIterator<Bytes, byte[]> over(Map<Bytes, byte[]> map) {
        Iterator<Map.Entry<Bytes, byte[]>> entries = new ArrayList<>(new TreeMap<>(map).entrySet()).iterator();
        return new KeyValueIterator<>() {
            @Override
            public void close() {}

            @Override
            public Bytes peekNextKey() {
                throw new UnsupportedOperationException();
            }

            @Override
            public boolean hasNext() {
                return entries.hasNext();
            }

            @Override
            public KeyValue<Bytes, byte[]> next() {
                Map.Entry<Bytes, byte[]> entry = entries.next();
                return KeyValue.pair(entry.getKey(), entry.getValue());
            }
        };
    }

    @Override
    public long approximateNumEntries() {
        return values.size();
    }

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {}

    @Override
    public void flush() {}

    @Override
    public void close() {}

    @Override
    public boolean persistent() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return true;
    }
}
