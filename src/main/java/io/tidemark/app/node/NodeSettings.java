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
 * @param streams the streams to watch; at least one
 * @param zoo the declared networks
 * @param stateFolder a folder of this process alone
 * @param engine {@code auto} or an engine's name
 * @param device where networks run
 * @param instance stable name among the processes of a role; empty for a random one
 * @param start where a new stream begins to read its input
 * @param receivers who is told of incidents
 * @param acceptsLoss whether to go on when records have expired unread
 */
public record NodeSettings(
        KafkaConnection kafka,
        List<StreamSpec> streams,
        Zoo zoo,
        Path stateFolder,
        String engine,
        DeviceSpec device,
        String instance,
        OffsetReset start,
        NotifyFile receivers,
        boolean acceptsLoss) {
    /** As it is where nobody is told of incidents. */
    public NodeSettings(
            KafkaConnection kafka,
            List<StreamSpec> streams,
            Zoo zoo,
            Path stateFolder,
            String engine,
            DeviceSpec device,
            String instance,
            OffsetReset start,
            boolean acceptsLoss) {
        this(kafka, streams, zoo, stateFolder, engine, device, instance, start, NotifyFile.NONE, acceptsLoss);
    }

    public NodeSettings {
        streams = List.copyOf(streams);
        if (streams.isEmpty()) throw new IllegalArgumentException("there must be at least one stream to watch");
    }
}
