package io.tidemark.role.notify;

import io.tidemark.config.NotifyFile;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Tells one receiver of incidents; a process has one of these for each. */
public final class NotifyRole {
    private final NotifyFile.Receiver receiver;
    private final KafkaConnection connection;
    private final Destination destination;
    private final Meters meters;
    private final InstantSource clock;

    /**
     * Reads the receiver's secrets.
     *
     * @param environment variables by name
     * @throws IllegalArgumentException naming the secret that is missing
     */
    public NotifyRole(
            KafkaConnection connection,
            NotifyFile.Receiver receiver,
            Map<String, String> environment,
            Meters meters,
            InstantSource clock) {
        this.receiver = receiver;
        this.connection = connection;
        this.meters = meters;
        this.clock = clock;
        destination = new Destination(receiver, environment, clock);
        for (String result : new String[] {"delivered", "silenced", "retried", "failed"}) {
            meters.counter(MeterName.NOTIFICATIONS, receiver.name(), result);
        }
    }

    /** Works until told to stop; may be called again after it has ended. */
    public void run(BooleanSupplier running) throws InterruptedException {
        IncidentReceiver told = receiver.type() == NotifyFile.Type.ALERTMANAGER
                ? new AlertmanagerReceiver(connection, receiver, destination, meters, clock)
                : new WebhookReceiver(connection, receiver, destination, meters, clock);
        told.run(running);
    }
}
