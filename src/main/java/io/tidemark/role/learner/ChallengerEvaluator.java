package io.tidemark.role.learner;

import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.RoleContext;
import io.tidemark.model.promotion.Decision;
import io.tidemark.model.registry.Deployment;
import io.tidemark.model.registry.Model;
import io.tidemark.model.registry.ModelId;
import io.tidemark.model.registry.ModelReader;
import io.tidemark.model.registry.RegistryClient;
import io.tidemark.model.registry.RegistryView;
import io.tidemark.model.registry.TrialSchedule;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each challenger its trial by itself, and asks the registrar for what comes of it: promoted or kept, with the figures.
 *
 * <p>{@link TrialSchedule} says when one is due. It works beside the deciding registrar only.
 */
public final class ChallengerEvaluator {
    private static final Logger LOG = LoggerFactory.getLogger(ChallengerEvaluator.class);
    private static final long PAUSE_MS = 500;

    private final KafkaConnection connection;
    private final List<StreamSpec> streams;
    private final Map<String, NetworkSpec> zoo;
    private final Engine engine;
    private final BooleanSupplier owner;
    private final Duration every;
    private final InstantSource clock;
    private final TrialSchedule schedule = new TrialSchedule();

    /**
     * @param streams every declared stream
     * @param zoo the declared networks, by name
     * @param engine stays the caller's
     * @param owner whether the registrar of this process is the one that decides
     * @param every how long to rest between two looks at the registry
     */
    public ChallengerEvaluator(
            RoleContext context,
            List<StreamSpec> streams,
            Map<String, NetworkSpec> zoo,
            Engine engine,
            BooleanSupplier owner,
            Duration every) {
        this.connection = context.connection();
        this.clock = context.clock();
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
                if (spec == null) continue;
                for (int challenger : deployment.roles().challengers()) {
                    boolean due = schedule.isDue(view, deployment, challenger, clock.millis());
                    if (running.getAsBoolean() && due) attempt(stream, spec.bind(stream), deployment, challenger);
                }
            }
        }
    }

    private void attempt(StreamSpec stream, Network network, Deployment deployment, int number)
            throws InterruptedException {
        try {
            ChallengerEvaluation trial = new ChallengerEvaluation(connection, stream, network, engine);
            Model champion = ModelReader.load(connection, deployment.id(), deployment.opponent(number));
            Model challenger = ModelReader.load(connection, deployment.id(), number);
            boolean fits =
                    network.hash().equals(champion.manifest().architecture().specHash())
                            && network.hash()
                                    .equals(challenger.manifest().architecture().specHash());
            if (!fits) {
                LOG.info(
                        "{} is not tried: it or champion @{} has other layers than the network has now",
                        challenger.manifest().label(),
                        deployment.opponent(number));
                schedule.postpone(deployment.id(), number, clock.millis());
                return;
            }
            Decision decision = trial.of(champion, challenger);
            if (decision instanceof Decision.TooEarly) {
                LOG.info("trial of {} waits: {}", challenger.manifest().label(), decision.why());
                schedule.postpone(deployment.id(), number, clock.millis());
                return;
            }
            LOG.info("trial of {}: {}", challenger.manifest().label(), decision.why());
            boolean promote = decision instanceof Decision.Promote;
            RegistryClient.send(
                    connection,
                    TrialSchedule.command(
                            deployment, number, promote, decision.why(), clock.millis(), decision.figures()));
        } catch (IllegalArgumentException e) {
            LOG.info("{}@{} is not tried: {}", deployment.id(), number, e.getMessage());
            schedule.postpone(deployment.id(), number, clock.millis());
        }
    }
}
