package io.tidemark.role.notify;

import io.tidemark.config.NotifyFile;
import io.tidemark.judge.incident.Silences;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.PassedOver;
import io.tidemark.kafka.client.RoleContext;
import io.tidemark.kafka.client.TopicTail;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;

/** Tells one receiver of incidents, by a consumer group of its own. Owned by one thread. */
abstract class IncidentReceiver {
    static final String ROLE = "notify";

    final KafkaConnection connection;
    final NotifyFile.Receiver receiver;
    final Destination destination;
    final Meters meters;
    final InstantSource clock;
    final PassedOver told;
    final Silences silences = new Silences();
    final Backoff backoff = new Backoff();

    IncidentReceiver(RoleContext context, NotifyFile.Receiver receiver, Destination destination) {
        connection = context.connection();
        meters = context.meters();
        clock = context.clock();
        this.receiver = receiver;
        this.destination = destination;
        told = new PassedOver(ROLE, meters);
    }

    /** Works until told to stop. */
    final void run(BooleanSupplier running) throws InterruptedException {
        Map<String, Object> own = new HashMap<>(settings());
        own.put("group.id", group());
        own.put("enable.auto.commit", "false");
        try (SilenceTopic silenced = new SilenceTopic(connection, silences, told);
                Consumer<byte[], byte[]> consumer = connection.consumer(own)) {
            TopicTail.await(consumer, connection.names().incidents());
            silenced.drain();
            consumer.subscribe(List.of(connection.names().incidents()), rebalance(consumer));
            run(consumer, silenced, running);
        }
    }

    /** Where its consumer begins, and how much it reads at once. */
    abstract Map<String, Object> settings();

    abstract ConsumerRebalanceListener rebalance(Consumer<byte[], byte[]> consumer);

    /** Reads incidents and tells of them until told to stop. */
    abstract void run(Consumer<byte[], byte[]> consumer, SilenceTopic silenced, BooleanSupplier running)
            throws InterruptedException;

    /** Its consumer group. */
    final String group() {
        return connection.names().role(ROLE + "-" + receiver.name());
    }

    final void count(String result) {
        meters.counter(MeterName.NOTIFICATIONS, receiver.name(), result).increment();
    }
}
