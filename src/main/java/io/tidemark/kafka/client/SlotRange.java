package io.tidemark.kafka.client;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** The slots of one owner in a state store: keys of one length, which differ in the slot's number at their end. */
public final class SlotRange {
    private SlotRange() {}

    /** Deletes the keys from the first to the last that are as long as these: a key in between of another length is another owner's. */
    public static void delete(KeyValueStore<Bytes, byte[]> store, Bytes first, Bytes last) {
        List<Bytes> own = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> near = store.range(first, last)) {
            while (near.hasNext()) {
                Bytes key = near.next().key;
                if (key.get().length == first.get().length) own.add(key);
            }
        }
        own.forEach(store::delete);
    }
}
