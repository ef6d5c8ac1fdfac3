package io.tidemark.role.worker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.tidemark.config.StreamSpec;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import io.tidemark.model.inference.BatchScorer;
import io.tidemark.model.inference.CodedNetworks;
import io.tidemark.model.inference.ForwardTimes;
import io.tidemark.model.inference.PendingSample;
import io.tidemark.model.registry.HealthReport;
import io.tidemark.model.registry.ModelVersion;
import io.tidemark.model.registry.ServingModels;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.series.sample.Inference;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A scorer for each declared stream, and the champions they score with. Owned by the worker's thread. */
final class StreamScorers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamScorers.class);

    private final Meters meters;
    private final Map<String, Scored> byStream = new HashMap<>();
    private @Nullable ServingModels serving;

    /** One stream. */
    private static final class Scored {
        final StreamSpec stream;
        final List<Network> networks;
        final BatchScorer scorer;
        final List<PolledSample> slots = new ArrayList<>();
        final List<PendingSample> batch = new ArrayList<>();
        final Map<String, long[]> counted = new HashMap<>();
        /** Why a network's model is out of use, as it was last told. */
        final Map<String, String> told = new HashMap<>();

        final StreamHealth health;

        Scored(StreamSpec stream, List<Network> networks, BatchScorer scorer, StreamHealth health) {
            this.stream = stream;
            this.networks = networks;
            this.scorer = scorer;
            this.health = health;
        }
    }

    StreamScorers(
            List<StreamSpec> streams,
            Map<String, NetworkSpec> zoo,
            Engine engine,
            int capacity,
            Meters meters,
            InstantSource clock) {
        this.meters = meters;
        for (StreamSpec stream : streams) {
            List<Network> networks = bind(stream, zoo);
            Map<String, Timer> timers = new HashMap<>();
            for (Network network : networks) {
                String name = network.spec().name();
                timers.put(
                        name,
                        meters.timer(MeterName.SCORING, name, engine.info().label()));
            }
            ForwardTimes times = (network, nanos) -> {
                Timer timer = timers.get(network);
                if (timer != null) timer.record(nanos, TimeUnit.NANOSECONDS);
                Scored scored = byStream.get(stream.name());
                if (scored != null) scored.health.forward(network, nanos);
            };
            BatchScorer scorer = stream.input()
                    .image()
                    .map(image -> new BatchScorer(engine, networks, image, capacity, times))
                    .orElseGet(() -> new BatchScorer(engine, networks, stream.features(), capacity, times));
            byStream.put(
                    stream.name(),
                    new Scored(stream, networks, scorer, new StreamHealth(stream, scorer, meters, clock)));
        }
    }

    /** The stream's networks, bound to its features; one of them gives its code where codes are declared. */
    static List<Network> bind(StreamSpec stream, Map<String, NetworkSpec> zoo) {
        List<Network> networks = new ArrayList<>();
        for (String name : stream.networks()) {
            NetworkSpec spec = zoo.get(name);
            if (spec == null) {
                throw new IllegalArgumentException("stream " + stream.name() + " names network " + name
                        + ", which the zoo lacks; it has " + zoo.keySet());
            }
            networks.add(spec.bind(stream));
        }
        return CodedNetworks.of(stream, networks);
    }

    /** Whether the weights of a version are of use here. */
    boolean wants(ModelVersion version) {
        Scored scored = byStream.get(version.id().stream());
        if (scored == null) return false;
        for (Network network : scored.networks) {
            if (network.spec().name().equals(version.id().network())) {
                return network.hash().equals(version.architecture().specHash());
            }
        }
        return false;
    }

    /** Swaps what has changed; cheap when nothing has. */
    void use(ServingModels newest) {
        if (newest == serving) return;
        serving = newest;
        for (Scored scored : byStream.values()) scored.health.challengers(newest.challengers());
        newest.champions().forEach((id, model) -> {
            Scored scored = byStream.get(id.stream());
            int version = model.manifest().version();
            if (scored == null || scored.scorer.version(id.network()) == version) return;
            scored.scorer.swap(id.network(), version, model.weights());
            meters.level(MeterName.MODEL_VERSION, id.stream(), id.network()).set(version);
            meters.level(MeterName.MODEL_PUBLISHED, id.stream(), id.network()).set(model.publishedMs() / 1000.0);
            LOG.info("stream {} scores with {}", id.stream(), model.manifest().label());
        });
    }

    /** Scores a poll: afterwards every readable slot has its inference. */
    void score(List<PolledSample> slots) {
        for (int i = 0; i < slots.size(); i++) queue(slots.get(i));
        for (Scored scored : byStream.values()) if (!scored.batch.isEmpty()) score(scored);
    }

    private void queue(PolledSample slot) {
        if (!slot.readable) return;
        Scored scored = byStream.get(slot.pending.step.stream);
        if (scored == null) {
            String detail = "stream " + slot.pending.step.stream + " is not declared to this worker";
            slot.pending.failure = detail;
            slot.dead(SampleReason.UNKNOWN_STREAM, detail);
            slot.pending.inference = unjudged(slot.pending);
            return;
        }
        slot.pending.challenged = scored.health.challenges(slot.pending.step);
        scored.slots.add(slot);
        scored.batch.add(slot.pending);
    }

    private static byte[] unjudged(PendingSample pending) {
        Inference inference = new Inference();
        inference.failure = pending.failure;
        return inference.encode(io.tidemark.series.sample.Wire.writer(512), pending.sample);
    }

    private void score(Scored scored) {
        scored.health.budget();
        scored.scorer.score(scored.batch);
        for (int i = 0; i < scored.slots.size(); i++) {
            PolledSample slot = scored.slots.get(i);
            if (slot.reason != null || slot.pending.failure.isEmpty()) continue;
            boolean features = slot.pending.sample.features() != scored.stream.features();
            slot.dead(features ? SampleReason.WRONG_FEATURES : SampleReason.POISON, slot.pending.failure);
        }
        scored.slots.clear();
        scored.batch.clear();
        count(scored);
    }

    private void count(Scored scored) {
        int suspended = 0;
        for (Network network : scored.networks) {
            String name = network.spec().name();
            String why = scored.scorer.suspended(name);
            if (!why.isEmpty()) suspended++;
            tell(scored, name, why);
            long[] before = scored.counted.computeIfAbsent(name, n -> new long[Inference.Status.values().length]);
            for (Inference.Status status : Inference.Status.values()) {
                long now = scored.scorer.count(name, status);
                long more = now - before[status.ordinal()];
                before[status.ordinal()] = now;
                if (more > 0) counter(name, status).increment(more);
            }
        }
        meters.level(MeterName.SUSPENDED, scored.stream.name()).set(suspended);
    }

    /** Says once that a model is out of use, and why. */
    private static void tell(Scored scored, String network, String why) {
        String before = scored.told.put(network, why);
        if (why.isEmpty() || why.equals(before)) return;
        LOG.warn(
                "stream {}: {}; it is out of use, and the next version of network {} takes its place",
                scored.stream.name(),
                why,
                network);
    }

    private final Map<String, Counter> counters = new HashMap<>();

    private Counter counter(String network, Inference.Status status) {
        Counter known = counters.get(network + status);
        if (known != null) return known;
        String word = status.name().toLowerCase(Locale.ROOT).replace('_', '-');
        Counter fresh = meters.counter(MeterName.SCORED, network, word);
        counters.put(network + status, fresh);
        return fresh;
    }

    /** How each version fared since the last report. */
    List<HealthReport> report(String worker, long nowMs) {
        List<HealthReport> all = new ArrayList<>();
        for (Scored scored : byStream.values()) all.addAll(scored.health.report(worker, nowMs));
        return all;
    }

    @Override
    public void close() {
        for (Scored scored : byStream.values()) scored.scorer.close();
    }
}
