package io.tidemark.role.retrain;

import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.TopicTail;
import io.tidemark.kafka.client.Transactions;
import io.tidemark.model.registry.Deployment;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.ShapeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What shall be trained anew.
 *
 * @param stream whose history is read
 * @param networks by name; one that is named twice counts once
 * @param scheduledMs when it is due; epoch milliseconds; names the run
 * @param trials trainings of each network, each with another seed; in [1, 4], since each is a challenger until it is
 *     judged
 */
public record RetrainRequest(
        String stream, List<String> networks, long scheduledMs, Period history, int trials, TrainingPlan plan) {

    public RetrainRequest {
        networks = networks.stream().distinct().toList();
        if (networks.isEmpty()) throw new IllegalArgumentException("there must be a network to retrain");
        check("trials", trials, Deployment.CHALLENGERS_MAX);
        check("steps", plan.steps(), RetrainJob.STEPS_MAX);
        check("candidates", plan.candidates(), RetrainJob.CANDIDATES_MAX);
        RetrainJob.requireHoldout("holdout", plan.holdout());
        if (history.fromMs() >= history.toMs())
            throw new IllegalArgumentException("the history must begin before it ends");
    }

    private static void check(String name, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(name + " must be in [1, " + max + "], but was " + value);
        }
    }

    /** The networks of a zoo that fit a stream, by name. */
    public static List<String> fitting(Map<String, NetworkSpec> zoo, StreamSpec stream) {
        List<String> fitting = new ArrayList<>();
        zoo.forEach((name, spec) -> {
            try {
                spec.bind(stream);
                fitting.add(name);
            } catch (ShapeException e) {
                return; // made for another kind of input
            }
        });
        fitting.sort(null);
        return fitting;
    }

    /** One job for each network and trial. */
    public List<RetrainJob> jobs() {
        List<RetrainJob> jobs = new ArrayList<>();
        int count = networks.size() * trials;
        for (int trial = 0; trial < trials; trial++) {
            for (String network : networks) {
                jobs.add(new RetrainJob(
                        RetrainJob.FORMAT,
                        new RetrainJob.Name(stream, network, trial, scheduledMs),
                        history,
                        new TrainingPlan(plan.seed() + trial, plan.steps(), plan.candidates(), plan.holdout()),
                        null,
                        count));
            }
        }
        return jobs;
    }

    /**
     * Puts the jobs on the queue, all or none, with the end that their stream's records have now, unless the run is there already: several schedulers may send the same run.
     *
     * @throws InterruptedException when the thread is told to stop while it waits for the topic
     */
    public List<RetrainJob> send(KafkaConnection connection) throws InterruptedException {
        Map<String, Long> ends = HistoryReader.ends(connection, stream);
        List<RetrainJob> jobs = jobs().stream().map(job -> job.until(ends)).toList();
        String run = jobs.get(0).run();
        String id = connection.names().role("retrain-request-" + stream);
        try (Producer<byte[], byte[]> producer = Transactions.producer(connection, id, Map.of())) {
            if (isQueued(connection, run)) return jobs;
            producer.beginTransaction();
            for (RetrainJob job : jobs) {
                producer.send(new ProducerRecord<>(
                        connection.names().jobs(), 0, job.id().getBytes(StandardCharsets.UTF_8), job.toJson()));
            }
            producer.commitTransaction();
        }
        return jobs;
    }

    private static boolean isQueued(KafkaConnection connection, String run) throws InterruptedException {
        boolean[] found = {false};
        try (TopicTail tail = new TopicTail(connection, connection.names().jobs(), 0)) {
            tail.drain(record -> {
                if (record.key() != null && new String(record.key(), StandardCharsets.UTF_8).startsWith(run + ".")) {
                    found[0] = true;
                }
            });
        }
        return found[0];
    }
}
