package io.tidemark.app.cli;

import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.BrokerException;
import io.tidemark.kafka.client.InstalledTopics;
import io.tidemark.kafka.client.KafkaConnection;
import java.util.function.Function;
import picocli.CommandLine.Mixin;

/** A command that talks to Kafka. */
abstract class KafkaCommand extends CliCommand {
    @Mixin
    private final ConnectionOptions options = new ConnectionOptions();

    /** The connection that was asked for, once a broker answers; says on standard error that it waits. */
    final KafkaConnection await() {
        return options.await();
    }

    /**
     * As {@link #await()}, of an installation that is there.
     *
     * @param topic of Tidemark's own, that the command works on
     * @throws BrokerException when it is missing
     */
    final KafkaConnection await(Function<TopicNames, String> topic) {
        KafkaConnection connection = await();
        InstalledTopics.require(connection, topic.apply(connection.names()));
        return connection;
    }

    /** Whether a broker was named, by an option, a file or the environment. */
    final boolean namesBroker() {
        return options.namesBroker();
    }

    /** The connection that was asked for; nothing is contacted. */
    final KafkaConnection connection() {
        return options.connection();
    }
}
