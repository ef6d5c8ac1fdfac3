package io.tidemark.role.retrain;

import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.RoleContext;
import io.tidemark.metrics.Meters;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.network.NetworkSpec;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/** Makes retrain workers that train in the caller's thread, and runs to give them, for a simulation. */
public final class SimulatedRetrain {
    private static final class InCaller extends AbstractExecutorService {
        private boolean closed;

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public void shutdown() {
            closed = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return closed;
        }

        @Override
        public boolean isTerminated() {
            return closed;
        }

        @Override
        public boolean awaitTermination(long time, TimeUnit unit) {
            return true;
        }
    }

    private SimulatedRetrain() {}

    /** A worker on a queue. */
    public static RetrainWorker worker(
            KafkaConnection connection,
            StreamSpec stream,
            Map<String, NetworkSpec> zoo,
            Engine engine,
            Meters meters,
            String instance,
            JobQueue queue,
            InstantSource clock) {
        return new RetrainWorker(
                new RoleContext(connection, meters, instance, clock),
                Map.of(stream.name(), stream),
                zoo,
                engine,
                queue,
                new InCaller());
    }

    /** A queue for brokers without share groups. */
    public static JobQueue ofConsumerGroup(KafkaConnection connection) throws InterruptedException {
        return new ConsumerGroupQueue(
                connection,
                connection.names().role("retrain-consumers"),
                connection.names().jobs());
    }

    /** A run over all there is, of few steps. */
    public static RetrainRequest request(String stream, long scheduledMs) {
        long always = Long.MAX_VALUE / 2;
        return new RetrainRequest(
                stream, List.of("ae"), scheduledMs, new Period(-always, always), 2, new TrainingPlan(5, 2, 1, 0.05));
    }
}
