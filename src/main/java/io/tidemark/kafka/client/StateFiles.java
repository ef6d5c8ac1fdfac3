package io.tidemark.kafka.client;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * How the state stores of a process lie on its disk. All of them share one cache of {@value #CACHE_BYTES} bytes beside the heap, of which what is not written
 * yet takes at most {@value #UNWRITTEN_BYTES}, however many there are.
 */
public final class StateFiles implements RocksDBConfigSetter {
    static final long CACHE_BYTES = 96L << 20;
    static final long UNWRITTEN_BYTES = 48L << 20;
    private static final long BUFFER_BYTES = 16L << 20;

    /** Made once for a process, and never closed: a store may open at any time. */
    private static final class Shared {
        static final Cache CACHE;
        static final WriteBufferManager UNWRITTEN;

        static {
            RocksDB.loadLibrary();
            CACHE = new LRUCache(CACHE_BYTES);
            UNWRITTEN = new WriteBufferManager(UNWRITTEN_BYTES, CACHE);
        }
    }

    @Override
    public void setConfig(String store, Options options, Map<String, Object> settings) {
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(Shared.CACHE);
        table.setCacheIndexAndFilterBlocks(true);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(Shared.UNWRITTEN);
        options.setWriteBufferSize(BUFFER_BYTES);
        options.setCompressionType(CompressionType.LZ4_COMPRESSION);
    }

    @Override
    public void close(String store, Options options) {}
}
