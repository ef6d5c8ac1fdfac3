package io.tidemark.role.retrain;

import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.DeadLetter;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.PassedOver;
import io.tidemark.learn.fit.Errors;
import io.tidemark.learn.learning.History;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.StoppedException;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.ShapeException;
import io.tidemark.series.sample.MalformedRecordException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes retrain jobs from the queue, one at a time, and publishes what they give.
 *
 * <ol>
 *   <li>A job is renewed while it is worked on. A worker that dies loses it to another one after the lock time.
 *   <li>A job's version and its report are committed together, under a transactional id of the job: of two workers that finish
 *       the same job, the one that was overtaken is fenced, and a job that has a report is not done again.
 *   <li>A job that fails is given back until it has been given out {@link #DELIVERIES_MAX} times; then a report says why, and it
 *       is done with. Bytes that are no job go to {@code dead-letters}.
 *   <li>A worker that is told to stop puts its job at the end of the queue, which counts as no failure. It does the same with a job of a
 *       stream or network that it does not know, and leaves the queue to others for a while. When nobody has known a job for
 *       {@link #KNOWN_WITHIN}, a report says so.
 * </ol>
 *
 * <p>One thread calls everything here; training runs in a thread of its own.
 */
public final class RetrainWorker implements AutoCloseable {
    /** Times a job is given out before it is given up. */
    public static final int DELIVERIES_MAX = 3;

    private static final Logger LOG = LoggerFactory.getLogger(RetrainWorker.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int ROWS_MAX = 500_000;
    /** How long a job may lie on the queue without anybody who knows its stream and its network. */
    static final Duration KNOWN_WITHIN = Duration.ofHours(1);
    /** How long the queue is left to other workers, who may know what this one does not. */
    private static final Duration FOR_OTHERS = Duration.ofSeconds(10);

    private static final String ROLE = "retrain";

    private final KafkaConnection connection;
    private final Map<String, StreamSpec> streams;
    private final Map<String, NetworkSpec> zoo;
    private final Engine engine;
    private final Meters meters;
    private final String instance;
    private final JobQueue queue;
    private final JobPublication publication;
    private final RetrainSchedule schedule;
    /** The trainer's while a job is worked on. */
    private final HistoryReader histories;

    private final ExecutorService trainer = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "retrain-job");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean closing;
    private boolean leaves;
    private long leftNs;

    /**
     * @param streams every declared stream, by name
     * @param zoo the declared networks, by name
     * @param engine stays the caller's
     * @param instance names the worker in reports
     * @param queue is closed with the worker
     */
    public RetrainWorker(
            KafkaConnection connection,
            Map<String, StreamSpec> streams,
            Map<String, NetworkSpec> zoo,
            Engine engine,
            Meters meters,
            String instance,
            JobQueue queue) {
        this.connection = connection;
        this.streams = Map.copyOf(streams);
        this.zoo = Map.copyOf(zoo);
        this.engine = engine;
        this.meters = meters;
        this.instance = instance;
        this.queue = queue;
        this.publication = new JobPublication(connection, engine);
        this.histories = new HistoryReader(connection, new PassedOver(ROLE, meters));
        this.schedule = new RetrainSchedule(connection, streams.values(), zoo, InstantSource.system());
        for (String stream : streams.keySet()) {
            for (JobReport.Status status : JobReport.Status.values()) {
                meters.counter(MeterName.RETRAIN_JOBS, stream, status.toString());
            }
        }
    }

    /** Works while told to. */
    public void run(BooleanSupplier running) throws InterruptedException {
        meters.level(MeterName.ROLE_UP, ROLE).set(1);
        try {
            while (running.getAsBoolean()) {
                try {
                    doWork(running);
                } catch (RetriableException e) {
                    LOG.warn("the broker does not answer for now: {}", e.toString());
                }
            }
        } finally {
            meters.level(MeterName.ROLE_UP, ROLE).set(0);
        }
    }

    /**
     * Does one job, if one comes.
     *
     * @return whether one came
     */
    public boolean doWork(BooleanSupplier running) throws InterruptedException {
        schedule.tick();
        if (leaves()) {
            Thread.sleep(POLL.toMillis());
            return false;
        }
        Optional<JobQueue.Delivery> taken = queue.next(POLL);
        if (taken.isEmpty()) {
            histories.forget();
            return false;
        }
        JobQueue.Delivery delivery = taken.get();
        RetrainJob job;
        try {
            job = RetrainJob.fromJson(delivery.value());
        } catch (MalformedRecordException | IllegalArgumentException e) {
            publication.deadLetter(
                    delivery,
                    new DeadLetter(
                            delivery.topic(),
                            delivery.partition(),
                            delivery.offset(),
                            "",
                            ROLE,
                            "malformed-job",
                            PassedOver.cut(e.getMessage())));
            meters.counter(MeterName.DEAD_LETTERS, "-", "malformed-job").increment();
            new PassedOver(ROLE, meters)
                    .tell(delivery.topic(), delivery.partition(), delivery.offset(), String.valueOf(e.getMessage()));
            queue.reject();
            return true;
        }
        try {
            work(job, delivery, running);
        } catch (RetriableException e) {
            letGo();
            throw e;
        }
        return true;
    }

    /** Leaves the job in hand, if there is one, to whoever comes; the broker hears of it when it answers. */
    private void letGo() {
        try {
            if (queue.holds()) queue.release();
        } catch (RetriableException e) {
            LOG.debug("the job in hand comes again when its lock has run out", e);
        }
    }

    private void work(RetrainJob job, JobQueue.Delivery delivery, BooleanSupplier running) throws InterruptedException {
        int deliveries = delivery.deliveries();
        if (JobReports.find(connection, job.id()).isPresent()) {
            LOG.info("job {} is done already", job.id());
            queue.done();
            return;
        }
        long began = System.currentTimeMillis();
        String unknown = unknown(job);
        if (!unknown.isEmpty()) {
            leave(job, delivery, began, unknown);
            return;
        }
        if (deliveries > DELIVERIES_MAX) {
            finish(job, failed(job, deliveries, began, "its workers died " + DELIVERIES_MAX + " times"), null);
            return;
        }
        AtomicBoolean ours = new AtomicBoolean(true);
        Future<Ended> training = trainer.submit(
                () -> train(job, deliveries, began, () -> ours.get() && running.getAsBoolean() && !closing));
        Ended ended;
        try {
            ended = await(training, ours);
        } catch (ExecutionException e) {
            Throwable why = e.getCause() == null ? e : e.getCause();
            if (why instanceof StoppedException) {
                putBack(delivery);
                return;
            }
            if (why instanceof Error error && !(why instanceof OutOfMemoryError)) throw error;
            LOG.warn("job {} failed", job.id(), why);
            if (!ours.get()) return;
            if (deliveries < DELIVERIES_MAX) queue.release();
            else finish(job, failed(job, deliveries, began, String.valueOf(why)), null);
            return;
        } catch (RetriableException e) {
            ours.set(false);
            throw e;
        }
        if (!ours.get()) LOG.warn("job {} has gone to another worker", job.id());
        else if (ended == Ended.STOPPED) putBack(delivery);
        else finish(job, ended.report, ended.trained);
    }

    private void putBack(JobQueue.Delivery delivery) {
        try {
            publication.queueAgain(delivery);
            queue.done();
        } catch (KafkaException e) {
            LOG.warn("a job in hand comes again as one that has failed: {}", e.toString());
            letGo();
        }
    }

    /** Why this worker cannot know what a job is about; empty when it does. */
    private String unknown(RetrainJob job) {
        boolean stream = streams.containsKey(job.stream());
        if (stream && zoo.containsKey(job.network())) return "";
        return "this worker knows no " + (stream ? "network " + job.network() : "stream " + job.stream())
                + "; give it the topology that the job was made from";
    }

    private void leave(RetrainJob job, JobQueue.Delivery delivery, long began, String why) throws InterruptedException {
        if (began - delivery.queuedMs() > KNOWN_WITHIN.toMillis()) {
            finish(job, ended(job, JobReport.Status.SKIPPED, delivery.deliveries(), began, why), null);
            return;
        }
        LOG.info("job {} is left to others: {}", job.id(), why);
        putBack(delivery);
        leftNs = System.nanoTime();
        leaves = true;
    }

    /** Whether the queue is to be left to others for now. */
    private boolean leaves() {
        leaves = leaves && System.nanoTime() - leftNs < FOR_OTHERS.toNanos();
        return leaves;
    }

    private Ended await(Future<Ended> training, AtomicBoolean ours) throws InterruptedException, ExecutionException {
        long renewMs = queue.lock().toMillis() / 4;
        while (true) {
            try {
                return training.get(renewMs, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                if (ours.get() && !queue.renew()) ours.set(false);
                schedule.tick();
            }
        }
    }

    /** What came of a job; {@link #STOPPED} when it shall be done again. */
    private record Ended(JobReport report, JobTraining.@org.jspecify.annotations.Nullable Trained trained) {
        @SuppressWarnings("NullAway") // never read
        static final Ended STOPPED = new Ended(null, null);
    }

    private Ended train(RetrainJob job, int deliveries, long began, BooleanSupplier goOn) throws InterruptedException {
        long cpu = cpuNanos();
        StreamSpec stream = Objects.requireNonNull(streams.get(job.stream()));
        NetworkSpec spec = Objects.requireNonNull(zoo.get(job.network()));
        Network network;
        try {
            network = spec.bind(stream);
        } catch (ShapeException e) {
            return skipped(job, deliveries, began, String.valueOf(e.getMessage()));
        }
        List<String> lacks = engine.unsupported(network);
        if (!lacks.isEmpty()) return skipped(job, deliveries, began, String.join("; ", lacks));
        HistoryReader.Read read = histories.read(stream, job.fromMs(), job.toMs(), job.until(), ROWS_MAX);
        History history = read.history();
        History.Windows windows = history.windows(network);
        if (windows.size() == 0) {
            return skipped(
                    job,
                    deliveries,
                    began,
                    "its history holds no example: " + history.kept() + " rows may teach, " + history.waiting()
                            + " wait for their gate, " + history.withheld() + " may not teach");
        }
        TimeSplit split = JobTraining.split(windows, network, job.holdout());
        if (split.train().size() < JobTraining.EXAMPLES_LEAST
                || split.validation().size() == 0
                || split.test().size() == 0) {
            return skipped(
                    job,
                    deliveries,
                    began,
                    "its history holds " + split.train().size() + " training, "
                            + split.validation().size() + " validation and "
                            + split.test().size() + " test examples of " + spec.rowsToTrain() + " rows; it needs "
                            + JobTraining.EXAMPLES_LEAST + ", 1 and 1");
        }
        Meters.Level progress = meters.level(MeterName.RETRAIN_PROGRESS, job.stream(), job.network());
        JobTraining training = new JobTraining(engine, network, job, split, goOn, progress::set);
        JobTraining.Trained trained = training.run();
        if (trained == null) return Ended.STOPPED;
        Errors champion = publication.champion(job, network).map(training::test).orElse(null);
        JobReport.Part part = new JobReport.Part(
                history.kept(),
                history.withheld(),
                history.waiting(),
                history.series(),
                split.train().size(),
                split.validation().size(),
                split.test().size(),
                split.fromMs(),
                split.validationFromMs(),
                split.testFromMs(),
                trained.taught(),
                split.holdout().size(),
                split.holdoutFromMs(),
                split.toMs(),
                read.first());
        return new Ended(
                new JobReport(
                        job,
                        JobReport.Status.DONE,
                        "",
                        instance,
                        deliveries,
                        began,
                        System.currentTimeMillis(),
                        (cpuNanos() - cpu) / 1e9,
                        "",
                        part,
                        trained.search(),
                        trained.fit(),
                        champion),
                trained);
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private Ended skipped(RetrainJob job, int deliveries, long began, String why) {
        return new Ended(ended(job, JobReport.Status.SKIPPED, deliveries, began, why), null);
    }

    private JobReport failed(RetrainJob job, int deliveries, long began, String why) {
        return ended(job, JobReport.Status.FAILED, deliveries, began, why);
    }

    private JobReport ended(RetrainJob job, JobReport.Status status, int deliveries, long began, String why) {
        return new JobReport(
                job,
                status,
                why,
                instance,
                deliveries,
                began,
                System.currentTimeMillis(),
                0,
                "",
                null,
                null,
                null,
                null);
    }

    private void finish(
            RetrainJob job, JobReport report, JobTraining.@org.jspecify.annotations.Nullable Trained trained)
            throws InterruptedException {
        try {
            publication.publish(job, report, trained);
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            LOG.warn("job {} has been finished by another worker", job.id());
        }
        queue.done();
        meters.counter(MeterName.RETRAIN_JOBS, job.stream(), report.status().toString())
                .increment();
        meters.level(MeterName.RETRAIN_PROGRESS, job.stream(), job.network()).set(0);
        LOG.info("job {} is {} {}", job.id(), report.status(), report.reason());
    }

    @Override
    public void close() {
        closing = true;
        trainer.shutdown();
        try {
            if (!trainer.awaitTermination(20, TimeUnit.SECONDS)) LOG.warn("a retrain job has not stopped within 20 s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        queue.close();
    }
}
