package io.tidemark.role.learner;

import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.model.promotion.Decision;
import io.tidemark.model.registry.AuditEntry;
import io.tidemark.model.registry.Deployment;
import io.tidemark.model.registry.Model;
import io.tidemark.model.registry.ModelId;
import io.tidemark.model.registry.ModelReader;
import io.tidemark.model.registry.ModelVersion;
import io.tidemark.model.registry.RegistryClient;
import io.tidemark.model.registry.RegistryCommand;
import io.tidemark.model.registry.RegistryView;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each challenger its trial by itself, and asks the registrar for what comes of it: promoted or kept, with the figures.
 *
 * <p>A challenger is tried when it has no decision within {@link #AGAIN}. There is none before there are enough rows or frames that neither it nor
 * the champion has trained on: it is looked at again some minutes later. Imports are a person's business and are not tried, nor is anything against a pinned champion. It works
 * beside the deciding registrar only.
 */
public final class ChallengerEvaluator {
    /** How long a decision on a challenger stands. */
    static final Duration AGAIN = Duration.ofHours(1);
    /** How long a challenger waits for more rows, when there were too few: each look reads the stream's history. */
    private static final Duration TOO_EARLY = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(ChallengerEvaluator.class);
    private static final long PAUSE_MS = 500;
    private static final String WHO = "trial";

    private final KafkaConnection connection;
    private final List<StreamSpec> streams;
    private final Map<String, NetworkSpec> zoo;
    private final Engine engine;
    private final BooleanSupplier owner;
    private final Duration every;
    private final Map<String, Long> waits = new HashMap<>();

    /**
     * @param streams every declared stream
     * @param zoo the declared networks, by name
     * @param engine stays the caller's
     * @param owner whether the registrar of this process is the one that decides
     * @param every how long to rest between two looks at the registry
     */
    public ChallengerEvaluator(
            KafkaConnection connection,
            List<StreamSpec> streams,
            Map<String, NetworkSpec> zoo,
            Engine engine,
            BooleanSupplier owner,
            Duration every) {
        this.connection = connection;
        this.streams = List.copyOf(streams);
        this.zoo = Map.copyOf(zoo);
        this.engine = engine;
        this.owner = owner;
        this.every = every;
    }

    /** Tries while told to. */
    public void run(BooleanSupplier running) throws InterruptedException {
        long next = System.nanoTime() + every.toNanos();
        while (running.getAsBoolean()) {
            Thread.sleep(PAUSE_MS);
            if (System.nanoTime() < next) continue;
            try {
                if (owner.getAsBoolean()) look(running);
            } catch (RetriableException e) {
                LOG.warn("trials wait for the broker: {}", e.toString());
            }
            next = System.nanoTime() + every.toNanos();
        }
    }

    private void look(BooleanSupplier running) throws InterruptedException {
        RegistryView view = RegistryView.read(connection);
        for (StreamSpec stream : streams) {
            for (String name : stream.networks()) {
                NetworkSpec spec = zoo.get(name);
                Deployment deployment = view.deployment(new ModelId(stream.name(), name));
                if (spec == null || deployment.champion() == 0 || deployment.pinned()) continue;
                for (int challenger : deployment.challengers()) {
                    boolean due = due(view, deployment, challenger) && !waits(deployment.id() + "@" + challenger);
                    if (running.getAsBoolean() && due) {
                        attempt(stream, spec.bind(stream), deployment, challenger);
                    }
                }
            }
        }
    }

    /** Whether there was too little to compare when it was last tried, and that was not long ago. */
    private boolean waits(String label) {
        waits.values().removeIf(since -> System.nanoTime() - since > TOO_EARLY.toNanos());
        return waits.containsKey(label);
    }

    private static boolean due(RegistryView view, Deployment deployment, int challenger) {
        long since = System.currentTimeMillis() - AGAIN.toMillis();
        for (ModelVersion version : view.versions()) {
            boolean same = version.id().equals(deployment.id()) && version.version() == challenger;
            if (same && version.job().startsWith("import-")) return false;
        }
        for (AuditEntry entry : view.audit().getOrDefault(deployment.id(), List.of())) {
            if (entry.who().equals(WHO) && entry.version() == challenger && entry.whenMs() > since) return false;
        }
        return true;
    }

    private void attempt(StreamSpec stream, Network network, Deployment deployment, int number)
            throws InterruptedException {
        try {
            ChallengerEvaluation trial = new ChallengerEvaluation(connection, stream, network, engine);
            Model champion = ModelReader.load(connection, deployment.id(), deployment.champion());
            Model challenger = ModelReader.load(connection, deployment.id(), number);
            boolean fits = network.hash().equals(champion.manifest().specHash())
                    && network.hash().equals(challenger.manifest().specHash());
            if (!fits) {
                LOG.info(
                        "{} is not tried: it or champion @{} has other layers than the network has now",
                        challenger.manifest().label(),
                        deployment.champion());
                return;
            }
            Decision decision = trial.of(champion, challenger);
            if (decision instanceof Decision.TooEarly) {
                LOG.info("trial of {} waits: {}", challenger.manifest().label(), decision.why());
                waits.put(challenger.manifest().label(), System.nanoTime());
                return;
            }
            LOG.info("trial of {}: {}", challenger.manifest().label(), decision.why());
            send(deployment, number, decision);
        } catch (IllegalArgumentException e) {
            LOG.info("{}@{} is not tried: {}", deployment.id(), number, e.getMessage());
        }
    }

    private void send(Deployment deployment, int number, Decision decision) throws InterruptedException {
        boolean promote = decision instanceof Decision.Promote;
        long now = System.currentTimeMillis();
        RegistryClient.send(
                connection,
                new RegistryCommand(
                        "trial-" + number + "-" + deployment.revision() + "-" + now / AGAIN.toMillis(),
                        promote ? RegistryCommand.Action.PROMOTE : RegistryCommand.Action.KEEP,
                        deployment.stream(),
                        deployment.network(),
                        number,
                        promote ? deployment.champion() : 0,
                        false,
                        WHO,
                        decision.why(),
                        now,
                        decision.figures()));
    }
}
