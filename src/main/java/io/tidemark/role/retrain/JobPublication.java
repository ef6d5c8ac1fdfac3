package io.tidemark.role.retrain;

import io.tidemark.kafka.client.AcknowledgedSend;
import io.tidemark.kafka.client.DeadLetter;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.Transactions;
import io.tidemark.learn.learning.ReferenceErrors;
import io.tidemark.model.registry.Model;
import io.tidemark.model.registry.ModelId;
import io.tidemark.model.registry.ModelPublisher;
import io.tidemark.model.registry.ModelReader;
import io.tidemark.model.registry.ModelVersion;
import io.tidemark.model.registry.RegistryView;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.network.Network;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/** Writes what a job gave: its version as a challenger and its report, in one transaction that only one worker can commit. */
record JobPublication(KafkaConnection connection, Engine engine, InstantSource clock) {
    /** The weights that score now. */
    Optional<NetworkState> champion(RetrainJob job, Network network) throws InterruptedException {
        ModelId id = new ModelId(job.name().stream(), job.name().network());
        int version = RegistryView.read(connection).deployment(id).champion();
        if (version == 0) return Optional.empty();
        Model model = ModelReader.load(connection, id, version);
        return model.manifest().architecture().specHash().equals(network.hash())
                ? Optional.of(model.weights())
                : Optional.empty();
    }

    /**
     * Publishes, unless the job has a report already.
     *
     * @param trained null when there is nothing but a report
     * @throws org.apache.kafka.common.errors.ProducerFencedException when another worker has taken the job over
     */
    void publish(RetrainJob job, JobReport report, JobTraining.@Nullable Trained trained) throws InterruptedException {
        String id = connection.names().role("retrain-" + job.id());
        Map<String, Object> own = Map.of(
                "transaction.timeout.ms",
                "60000",
                "max.request.size",
                Integer.toString(KafkaConnection.RECORD_BYTES_MAX));
        try (Producer<byte[], byte[]> producer = Transactions.producer(connection, id, own)) {
            if (JobReports.find(connection, job.id()).isPresent()) return;
            producer.beginTransaction();
            JobReport sent = report;
            if (trained != null) {
                ModelVersion offered = ModelPublisher.challenge(
                        producer,
                        connection.names().models(),
                        draft(job, report, trained),
                        trained.weights(),
                        "retrain",
                        "trained anew from history by " + report.work().worker(),
                        clock.millis(),
                        figures(trained));
                sent = report.of(offered.id().toString());
            }
            producer.send(new ProducerRecord<>(
                    JobReports.topic(connection), 0, job.id().getBytes(StandardCharsets.UTF_8), sent.toJson()));
            producer.commitTransaction();
        }
    }

    private static Map<String, Double> figures(JobTraining.Trained trained) {
        Map<String, Double> figures = new TreeMap<>();
        trained.fit().errors().forEach((part, errors) -> {
            figures.put(part + "-loss", errors.loss());
            figures.put(part + "-error", errors.meanAbsolute());
        });
        figures.put("cpu-seconds", trained.fit().course().cpuSeconds());
        return figures;
    }

    private ModelVersion draft(RetrainJob job, JobReport report, JobTraining.Trained trained) {
        JobReport.Part history = report.outcome().history();
        Network network = trained.network();
        return new ModelVersion(
                ModelVersion.FORMAT,
                new ModelId(job.name().stream(), job.name().network()),
                0,
                ModelVersion.Architecture.of(network),
                new ModelVersion.Origin(0, null, job.id(), ""),
                new ModelVersion.Training(
                        job.plan().seed(),
                        engine.info().label() + " " + engine.info().build(),
                        trained.taught(),
                        0,
                        trained.fit().course().curve().isEmpty()
                                ? Double.NaN
                                : trained.fit()
                                        .course()
                                        .curve()
                                        .get(trained.fit().course().curve().size() - 1)
                                        .trainLoss(),
                        history == null ? job.history().toMs() : history.toMs()),
                new ReferenceErrors(trained.referenceSamples(), trained.medianError(), trained.upperError()),
                ModelVersion.Weights.NONE);
    }

    /** Puts a job at the end of the queue again, as if it had never been given out; when it was first queued stays. */
    void queueAgain(JobQueue.Delivery delivery) {
        Map<String, Object> own =
                Map.of("max.block.ms", "5000", "request.timeout.ms", "5000", "delivery.timeout.ms", "10000");
        try (Producer<byte[], byte[]> producer = connection.producer(own)) {
            producer.send(new ProducerRecord<>(
                            connection.names().jobs(), 0, delivery.queuedMs(), delivery.key(), delivery.value()))
                    .get();
        } catch (ExecutionException e) {
            throw new KafkaException("job could not be put back on the queue: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException("told to stop while putting a job back", e);
        }
    }

    void deadLetter(JobQueue.Delivery delivery, DeadLetter letter) throws InterruptedException {
        AcknowledgedSend.send(
                connection, letter.record(connection.names().deadLetters(), delivery.key(), delivery.value()));
    }
}
