package io.tidemark.role.worker;

import io.tidemark.config.ChallengerSpec;
import io.tidemark.config.StreamSpec;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import io.tidemark.model.inference.BatchScorer;
import io.tidemark.model.registry.HealthReport;
import io.tidemark.model.registry.Model;
import io.tidemark.model.registry.ModelId;
import io.tidemark.series.sample.Inference;
import io.tidemark.series.sample.Step;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The challengers of one stream in this worker, what they may cost, and how every version fares. Owned by the worker's thread.
 *
 * <p>Series take turns: each is challenged for {@link #TURN} steps of its own at a time, so that over time every series is, and of
 * a stream with one series the declared share of its steps.
 */
final class StreamHealth {
    /** Steps of a series that are challenged, or not, together. */
    static final int TURN = 64;

    private static final Logger LOG = LoggerFactory.getLogger(StreamHealth.class);
    private static final double FORGET = 0.99;

    private final StreamSpec stream;
    private final BatchScorer scorer;
    private final Meters meters;
    private final InstantSource clock;
    private final Map<String, VersionHealth> champions = new HashMap<>();
    private final Map<String, List<VersionHealth>> challengers = new HashMap<>();
    private double championNanos;
    private double challengerNanos;
    private List<Model> present = List.of();

    StreamHealth(StreamSpec stream, BatchScorer scorer, Meters meters, InstantSource clock) {
        this.stream = stream;
        this.scorer = scorer;
        this.meters = meters;
        this.clock = clock;
        scorer.challengers().listener(this::hear);
        scorer.challengers().times(this::challenged);
    }

    private void hear(Inference.Member member, boolean challenger, double error, double championError) {
        if (!challenger) {
            if (member.version > 0) {
                champion(member.network, member.version).member(member.status, error, championError);
            }
            return;
        }
        for (VersionHealth health : challengers.getOrDefault(member.network, List.of())) {
            if (health.version() == member.version) health.member(member.status, error, championError);
        }
    }

    private VersionHealth champion(String network, int version) {
        VersionHealth health = champions.get(network);
        if (health == null || health.version() != version) {
            health = new VersionHealth(new ModelId(stream.name(), network), version, false, clock.millis());
            champions.put(network, health);
        }
        return health;
    }

    /** Hears of a champion's forward pass. */
    void forward(String network, long nanos) {
        championNanos += nanos;
        VersionHealth health = champions.get(network);
        if (health != null) health.forward(nanos);
    }

    private void challenged(String network, long nanos) {
        challengerNanos += nanos;
        List<VersionHealth> of = challengers.getOrDefault(network, List.of());
        for (VersionHealth health : of) health.forward(nanos / of.size());
    }

    /** Takes the challengers of the lineup, the newest of each network. */
    void challengers(Map<ModelId, List<Model>> all) {
        List<Model> wanted = new ArrayList<>();
        for (String network : stream.networks()) {
            List<Model> of = all.getOrDefault(new ModelId(stream.name(), network), List.of());
            wanted.addAll(
                    of.subList(Math.max(0, of.size() - stream.challengers().most()), of.size()));
        }
        if (wanted.equals(present)) return;
        present = List.copyOf(wanted);
        Set<String> labels = new TreeSet<>();
        for (Model model : wanted)
            labels.add(model.manifest().id().network() + "@" + model.manifest().version());
        scorer.challengers().retain((network, version) -> labels.contains(network + "@" + version));
        for (List<VersionHealth> of : challengers.values()) {
            of.removeIf(health -> !labels.contains(health.shadowed()));
        }
        for (Model model : wanted) begin(model);
    }

    private void begin(Model model) {
        String network = model.manifest().id().network();
        int version = model.manifest().version();
        if (scorer.challengers().has(network, version)) return;
        scorer.challengers().add(network, version, model.weights());
        challengers
                .computeIfAbsent(network, n -> new ArrayList<>())
                .add(new VersionHealth(model.manifest().id(), version, true, clock.millis()));
        LOG.info(
                "stream {} compares {} with the champion",
                stream.name(),
                model.manifest().label());
    }

    /** Whether it is the turn of a step's series to be challenged. */
    boolean challenges(Step step) {
        return !present.isEmpty() && isTurn(stream.challengers(), step);
    }

    /** Whether a step is among the declared share of steps; the same answer for every step of a turn. */
    static boolean isTurn(ChallengerSpec challengers, Step step) {
        long mixed = (step.series.hashCode() * 0x9E3779B97F4A7C15L) ^ (step.step / TURN * 0xBF58476D1CE4E5B9L);
        mixed = (mixed ^ (mixed >>> 31)) * 0x94D049BB133111EBL;
        return (mixed >>> 11) * 0x1.0p-53 < challengers.share();
    }

    /** Before a batch: challengers rest while they have cost more than their share. */
    void budget() {
        championNanos *= FORGET;
        challengerNanos *= FORGET;
        scorer.challengers().pause(challengerNanos > stream.challengers().cost() * championNanos);
    }

    /** Brings the meters up to date. */
    void measure() {
        challengers.forEach((network, of) -> {
            for (VersionHealth health : of) {
                long more = health.sharedSince();
                if (more > 0)
                    meters.counter(MeterName.SHADOW_SAMPLES, stream.name(), network)
                            .increment(more);
            }
            if (of.isEmpty()) return;
            VersionHealth newest = of.get(of.size() - 1);
            if (newest.shadow().samples() == 0) return;
            meters.level(MeterName.SHADOW_RATIO, stream.name(), network)
                    .set(newest.shadow().ratio());
            meters.level(MeterName.SHADOW_AGREEMENT, stream.name(), network)
                    .set(newest.shadow().agreement());
        });
    }

    /** What was seen since the last report, of versions that were asked. */
    List<HealthReport> report(String worker, long nowMs) {
        List<HealthReport> all = new ArrayList<>();
        for (VersionHealth health : champions.values()) if (!health.isEmpty()) all.add(health.report(worker, nowMs));
        for (List<VersionHealth> of : challengers.values()) {
            for (VersionHealth health : of) if (!health.isEmpty()) all.add(health.report(worker, nowMs));
        }
        measure();
        return all;
    }
}
