package io.tidemark.model.registry;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.metrics.Meters;
import java.util.concurrent.atomic.AtomicBoolean;

/** A registrar in a thread of its own. */
public final class RunningRegistrar implements AutoCloseable {
    private final AtomicBoolean go = new AtomicBoolean(true);
    private final Thread thread;

    public RunningRegistrar(KafkaConnection connection, String instance) {
        Registrar registrar = new Registrar(connection, new Meters(new SimpleMeterRegistry()), instance);
        thread = new Thread(
                () -> {
                    try {
                        registrar.run(go::get);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "registrar-" + instance);
        thread.start();
    }

    @Override
    public void close() {
        go.set(false);
        try {
            thread.join(20_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) throw new AssertionError("the registrar has not stopped within 20 s");
    }
}
