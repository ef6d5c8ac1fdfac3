package io.tidemark.kafka.embedded;

import java.util.Properties;

/** The Kafka settings of an embedded single-node broker: small internal topics, short waits, records up to {@value #RECORD_BYTES_MAX} bytes. */
final class BrokerSettings {
    /** Room for an input record of 10 MiB with its headers. */
    static final int RECORD_BYTES_MAX = 12 * 1024 * 1024;

    private static final String HOST = "127.0.0.1";
    private static final String INTERNAL_PARTITIONS = "4";

    private BrokerSettings() {}

    static String address(int port) {
        return HOST + ":" + port;
    }

    static Properties of(BrokerSpec spec, int clientPort, int controllerPort) {
        Properties settings = new Properties();
        quorum(settings, clientPort, controllerPort);
        settings.setProperty("log.dirs", spec.dataFolder().toString());
        internalTopics(settings);
        settings.setProperty("auto.create.topics.enable", "false");
        settings.setProperty("message.max.bytes", Integer.toString(RECORD_BYTES_MAX));
        settings.setProperty("replica.fetch.max.bytes", Integer.toString(RECORD_BYTES_MAX));
        settings.setProperty("group.initial.rebalance.delay.ms", "0");
        settings.setProperty("add.partitions.to.txn.retry.backoff.ms", "1");
        // A killed client's transaction ends within a second of its timeout, not ten.
        settings.setProperty("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
        settings.setProperty("log.cleaner.dedupe.buffer.size", "4194304");
        settings.setProperty("log.index.size.max.bytes", "2097152");
        settings.setProperty("num.network.threads", "2");
        settings.setProperty("num.io.threads", "4");
        // A killed broker's registration must lapse before the next start is let in.
        settings.setProperty("broker.session.timeout.ms", "5000");
        settings.setProperty("broker.heartbeat.interval.ms", "1000");
        settings.putAll(spec.settings());
        return settings;
    }

    private static void quorum(Properties settings, int clientPort, int controllerPort) {
        settings.setProperty("process.roles", "broker,controller");
        settings.setProperty("node.id", "1");
        settings.setProperty(
                "listeners", "CLIENT://" + address(clientPort) + ",CONTROLLER://" + address(controllerPort));
        settings.setProperty("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.setProperty("inter.broker.listener.name", "CLIENT");
        settings.setProperty("controller.listener.names", "CONTROLLER");
        // A static quorum is what lets the data be opened again on other ports.
        settings.setProperty("controller.quorum.voters", "1@" + address(controllerPort));
    }

    private static void internalTopics(Properties settings) {
        for (String topic : new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            settings.setProperty(topic + ".num.partitions", INTERNAL_PARTITIONS);
            settings.setProperty(topic + ".replication.factor", "1");
        }
        settings.setProperty("transaction.state.log.min.isr", "1");
        settings.setProperty("share.coordinator.state.topic.min.isr", "1");
    }
}
