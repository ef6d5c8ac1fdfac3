package io.tidemark.role.retrain;

import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.DeadLetter;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.PassedOver;
import io.tidemark.kafka.client.RoleContext;
import io.tidemark.kafka.client.Transactions;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.StoppedException;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.series.sample.MalformedRecordException;
import java.time.Duration;
import java.time.InstantSource;
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
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes retrain jobs from the queue, one at a time, and publishes what they give.
 *
 * <ol>
 *   <li>A job is renewed while it is worked on. A worker that dies loses it to another one after the lock time.
 *   <li>A job's version and its report are committed together, under a transactional id of the job: of two workers that finish
 *       the same job, the one that was overtaken is fenced, and a job that has a report is not done again. One that has none comes again.
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
    private final InstantSource clock;
    private final JobPublication publication;
    private final RetrainSchedule schedule;
    /** The trainer's while a job is worked on. */
    private final HistoryReader histories;

    private final ExecutorService trainer;
    private volatile boolean closing;
    private boolean leaves;
    private long leftNs;

    /**
     * @param context its instance names the worker in reports
     * @param streams every declared stream, by name
     * @param zoo the declared networks, by name
     * @param engine stays the caller's
     * @param queue is closed with the worker
     */
    public RetrainWorker(
            RoleContext context,
            Map<String, StreamSpec> streams,
            Map<String, NetworkSpec> zoo,
            Engine engine,
            JobQueue queue) {
        this(context, streams, zoo, engine, queue, Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "retrain-job");
            thread.setDaemon(true);
            return thread;
        }));
    }

    /** @param trainer runs one training at a time; is closed with the worker */
    RetrainWorker(
            RoleContext context,
            Map<String, StreamSpec> streams,
            Map<String, NetworkSpec> zoo,
            Engine engine,
            JobQueue queue,
            ExecutorService trainer) {
        this.trainer = trainer;
        this.connection = context.connection();
        this.meters = context.meters();
        this.instance = context.instance();
        this.clock = context.clock();
        this.streams = Map.copyOf(streams);
        this.zoo = Map.copyOf(zoo);
        this.engine = engine;
        this.queue = queue;
        this.publication = new JobPublication(connection, engine, clock);
        this.histories = new HistoryReader(connection, new PassedOver(ROLE, meters));
        this.schedule = new RetrainSchedule(connection, streams.values(), zoo, clock);
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
        JobRun run = JobRun.begin(job, instance, deliveries, clock);
        String unknown = unknown(job);
        if (!unknown.isEmpty()) {
            leave(run, delivery, unknown);
            return;
        }
        if (deliveries > DELIVERIES_MAX) {
            finish(run.ended(JobReport.Status.FAILED, "its workers died " + DELIVERIES_MAX + " times"));
            return;
        }
        AtomicBoolean ours = new AtomicBoolean(true);
        BooleanSupplier goOn = () -> ours.get() && running.getAsBoolean() && !closing;
        Future<Optional<JobRun.Ended>> training = trainer.submit(() -> train(run, goOn));
        Optional<JobRun.Ended> ended;
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
            else finish(run.ended(JobReport.Status.FAILED, String.valueOf(why)));
            return;
        } catch (RetriableException e) {
            ours.set(false);
            throw e;
        }
        if (!ours.get()) LOG.warn("job {} has gone to another worker", job.id());
        else if (ended.isPresent()) finish(ended.get());
        else putBack(delivery);
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
        boolean stream = streams.containsKey(job.name().stream());
        if (stream && zoo.containsKey(job.name().network())) return "";
        return "this worker knows no " + (stream ? "network " + job.name().network() : "stream " + job.name().stream())
                + "; give it the topology that the job was made from";
    }

    private void leave(JobRun run, JobQueue.Delivery delivery, String why) throws InterruptedException {
        if (run.beganMs() - delivery.queuedMs() > KNOWN_WITHIN.toMillis()) {
            finish(run.ended(JobReport.Status.SKIPPED, why));
            return;
        }
        LOG.info("job {} is left to others: {}", run.job().id(), why);
        putBack(delivery);
        leftNs = System.nanoTime();
        leaves = true;
    }

    /** Whether the queue is to be left to others for now. */
    private boolean leaves() {
        leaves = leaves && System.nanoTime() - leftNs < FOR_OTHERS.toNanos();
        return leaves;
    }

    private Optional<JobRun.Ended> await(Future<Optional<JobRun.Ended>> training, AtomicBoolean ours)
            throws InterruptedException, ExecutionException {
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

    private Optional<JobRun.Ended> train(JobRun run, BooleanSupplier goOn) throws InterruptedException {
        RetrainJob job = run.job();
        Meters.Level progress = meters.level(
                MeterName.RETRAIN_PROGRESS, job.name().stream(), job.name().network());
        StreamSpec stream = Objects.requireNonNull(streams.get(job.name().stream()));
        NetworkSpec spec = Objects.requireNonNull(zoo.get(job.name().network()));
        return run.train(stream, spec, engine, histories, publication, goOn, progress::set);
    }

    private void finish(JobRun.Ended ended) throws InterruptedException {
        JobReport report = ended.report();
        RetrainJob job = report.job();
        try {
            publication.publish(job, report, ended.trained());
        } catch (KafkaException e) {
            if (!Transactions.endedOne(e)) throw e;
            // the broker may have ended a transaction that took too long, and whoever else has the job may die before
            // its report
            if (JobReports.find(connection, job.id()).isEmpty()) {
                LOG.warn("the report of job {} could not be committed; the job comes again", job.id());
                queue.release();
                return;
            }
            LOG.warn("job {} has been finished by another worker", job.id());
        }
        queue.done();
        meters.counter(
                        MeterName.RETRAIN_JOBS,
                        job.name().stream(),
                        report.status().toString())
                .increment();
        meters.level(MeterName.RETRAIN_PROGRESS, job.name().stream(), job.name().network())
                .set(0);
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
