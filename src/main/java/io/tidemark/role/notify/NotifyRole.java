package io.tidemark.role.notify;

import io.tidemark.config.NotifyFile;
import io.tidemark.kafka.client.RoleContext;
import io.tidemark.metrics.MeterName;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Tells one receiver of incidents; a process has one of these for each. */
public final class NotifyRole {
    private final RoleContext context;
    private final NotifyFile.Receiver receiver;
    private final Destination destination;

    /**
     * Reads the receiver's secrets.
     *
     * @param environment variables by name
     * @throws IllegalArgumentException naming the secret that is missing
     */
    public NotifyRole(RoleContext context, NotifyFile.Receiver receiver, Map<String, String> environment) {
        this.context = context;
        this.receiver = receiver;
        destination = new Destination(receiver, environment, context.clock());
        for (String result : new String[] {"delivered", "silenced", "retried", "failed"}) {
            context.meters().counter(MeterName.NOTIFICATIONS, receiver.name(), result);
        }
    }

    /** Works until told to stop; may be called again after it has ended. */
    public void run(BooleanSupplier running) throws InterruptedException {
        IncidentReceiver told = receiver.type() == NotifyFile.Type.ALERTMANAGER
                ? new AlertmanagerReceiver(context, receiver, destination)
                : new WebhookReceiver(context, receiver, destination);
        told.run(running);
    }
}
