package io.tidemark.app.node;

import io.tidemark.config.NotifyFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.OffsetReset;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.network.Zoo;
import java.nio.file.Path;
import java.util.List;

/**
 * What the roles of one process share.
 *
 * @param kafka how to reach the cluster; Tidemark's topics must be there
 * @param stateFolder a folder of this process alone
 * @param instance stable name among the processes of a role; empty for a random one
 * @param start where a new stream begins to read its input
 * @param receivers who is told of incidents; {@link NotifyFile#NONE} for nobody
 * @param acceptsLoss whether to go on when records have expired unread
 */
public record NodeSettings(
        KafkaConnection kafka,
        Declared declared,
        Path stateFolder,
        Compute compute,
        String instance,
        OffsetReset start,
        NotifyFile receivers,
        boolean acceptsLoss) {

    /**
     * What is declared.
     *
     * @param streams the streams to watch; at least one
     * @param zoo the declared networks
     */
    public record Declared(List<StreamSpec> streams, Zoo zoo) {
        public Declared {
            streams = List.copyOf(streams);
            if (streams.isEmpty()) throw new IllegalArgumentException("there must be at least one stream to watch");
        }
    }

    /**
     * What networks run on.
     *
     * @param engine {@code auto} or an engine's name
     * @param device where networks run
     */
    public record Compute(String engine, DeviceSpec device) {}
}
