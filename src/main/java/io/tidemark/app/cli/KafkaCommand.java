package io.tidemark.app.cli;

import io.tidemark.kafka.client.KafkaConnection;
import picocli.CommandLine.Mixin;

/** A command that talks to Kafka. */
abstract class KafkaCommand extends CliCommand {
    @Mixin
    private final ConnectionOptions options = new ConnectionOptions();

    /** The connection that was asked for, once a broker answers; says on standard error that it waits. */
    final KafkaConnection await() {
        return options.await();
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
