package io.tidemark.kafka.embedded;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where an embedded broker keeps its data and where it listens. It always listens on the loopback address only.
 *
 * @param folder holds the log segments, the broker's own log file and a lock; made when absent, kept between runs
 * @param port the port clients connect to; in [0, 65535], 0 takes a free one at each start
 * @param settings Kafka broker settings laid over the built-in ones
 */
public record BrokerSpec(Path folder, int port, Map<String, String> settings) {
    public BrokerSpec {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("broker port must be in [0, 65535], but was " + port);
        }
        folder = folder.toAbsolutePath().normalize();
        settings = Map.copyOf(settings);
    }

    /** A broker in this folder on any free port. */
    public static BrokerSpec in(Path folder) {
        return new BrokerSpec(folder, 0, Map.of());
    }

    public BrokerSpec onPort(int fixedPort) {
        return new BrokerSpec(folder, fixedPort, settings);
    }

    public BrokerSpec with(Map<String, String> moreSettings) {
        return new BrokerSpec(folder, port, moreSettings);
    }

    /** The file that a child broker and its Kafka libraries write their log to. */
    public Path logFile() {
        return folder.resolve("broker.log");
    }

    Path dataFolder() {
        return folder.resolve("data");
    }

    Path configFile() {
        return folder.resolve("server.properties");
    }

    Path lockFile() {
        return folder.resolve("tidemark.lock");
    }
}
