package io.tidemark.role.retrain;

import io.tidemark.config.Cron;
import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.net.network.NetworkSpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts scheduled retrainings on the queue when they are due. Every retrain worker runs one; a run is named by its stream and due
 * time, and is queued once whoever is first. A due time that passed while no worker ran is not made up for. Owned by one thread.
 */
final class RetrainSchedule {
    private static final Logger LOG = LoggerFactory.getLogger(RetrainSchedule.class);

    private record Due(StreamSpec stream, StreamSpec.Retrain plan, Cron cron) {}

    private final KafkaConnection connection;
    private final Map<String, NetworkSpec> zoo;
    private final InstantSource clock;
    private final List<Due> streams = new ArrayList<>();
    private final Map<String, Instant> next = new HashMap<>();

    RetrainSchedule(
            KafkaConnection connection,
            Iterable<StreamSpec> streams,
            Map<String, NetworkSpec> zoo,
            InstantSource clock) {
        this.connection = connection;
        this.zoo = zoo;
        this.clock = clock;
        for (StreamSpec stream : streams) {
            stream.retrain().cron().ifPresent(expression -> {
                Due due = new Due(stream, stream.retrain(), new Cron(expression));
                this.streams.add(due);
                advance(due, clock.instant());
            });
        }
    }

    private void advance(Due due, Instant from) {
        Optional<Instant> at = due.cron.after(from);
        if (at.isPresent()) next.put(due.stream.name(), at.get());
        else next.remove(due.stream.name());
    }

    /** Queues what is due; returns the runs queued. */
    List<String> tick() throws InterruptedException {
        List<String> runs = new ArrayList<>();
        for (Due due : streams) {
            Instant at = next.get(due.stream.name());
            Instant now = clock.instant();
            if (at == null || now.isBefore(at)) continue;
            List<RetrainJob> jobs;
            try {
                jobs = request(due, at).send(connection);
            } catch (ProducerFencedException | InvalidProducerEpochException | RetriableException e) {
                // another worker is just queueing the run, or the broker is away; it stays due
                LOG.info("the run of {} due at {} waits: {}", due.stream.name(), at, e.toString());
                continue;
            }
            runs.add(jobs.get(0).run());
            LOG.info(
                    "retraining of {} is due: run {}, {} jobs",
                    due.stream.name(),
                    jobs.get(0).run(),
                    jobs.size());
            advance(due, now);
        }
        return runs;
    }

    private RetrainRequest request(Due due, Instant at) {
        StreamSpec.Retrain plan = due.plan;
        List<String> networks = plan.networks().isEmpty() ? RetrainRequest.fitting(zoo, due.stream) : plan.networks();
        long to = at.toEpochMilli();
        return new RetrainRequest(
                due.stream.name(),
                networks,
                to,
                new Period(
                        plan.history().map(history -> to - history.toMillis()).orElse(Long.MIN_VALUE / 2),
                        Long.MAX_VALUE / 2),
                plan.trials(),
                new TrainingPlan(due.stream.learning().seed() ^ to, plan.steps(), plan.candidates(), plan.holdout()));
    }
}
