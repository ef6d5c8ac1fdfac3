package io.tidemark.role.notify;

import io.tidemark.config.NotifyFile;
import io.tidemark.judge.incident.Silences;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.PassedOver;
import io.tidemark.kafka.client.RoleContext;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;

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
    abstract void run(BooleanSupplier running) throws InterruptedException;

    /** Its consumer group. */
    final String group() {
        return connection.names().role(ROLE + "-" + receiver.name());
    }

    final void count(String result) {
        meters.counter(MeterName.NOTIFICATIONS, receiver.name(), result).increment();
    }
}
