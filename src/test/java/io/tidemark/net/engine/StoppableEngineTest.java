package io.tidemark.net.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.Eventually;
import io.tidemark.net.network.Network;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class StoppableEngineTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    /** Steps until it is stopped; the stop returns when the step under way is done, and no step begins after it. */
    @Test
    void stoppingWaitsForTheStepUnderWayAndLetsNoOtherBegin() throws Exception {
        for (String name : new String[] {"dl4j", "djl"}) {
            StoppableEngine engine = new StoppableEngine(Engines.open(name, new DeviceSpec.Cpu()));
            Network network = TestNetworks.autoencoder().bind(1);
            AtomicInteger steps = new AtomicInteger();
            AtomicReference<Throwable> end = new AtomicReference<>();
            CountDownLatch began = new CountDownLatch(20);
            Thread trainer = new Thread(() -> {
                try (TrainingReplica replica = engine.training(network)) {
                    replica.load(engine.initialState(network, 1));
                    while (true) {
                        replica.train(1);
                        steps.incrementAndGet();
                        began.countDown();
                    }
                } catch (StoppedException e) {
                    end.set(e);
                }
            });
            trainer.start();
            began.await();
            engine.stop();
            Eventually.holds(SOON, "the trainer has ended", () -> !trainer.isAlive());
            assertThat(end.get()).hasMessage("stopped between two steps");
            assertThat(steps.get()).isGreaterThanOrEqualTo(20);
            assertThatThrownBy(() -> engine.scoring(network, 1)).isInstanceOf(StoppedException.class);
            engine.close();
        }
    }

    @Test
    void whatItComputesIsTheEnginesOwn() {
        Network network = TestNetworks.autoencoder().bind(1);
        try (Engine plain = Engines.open("dl4j", new DeviceSpec.Cpu());
                StoppableEngine guarded = new StoppableEngine(Engines.open("dl4j", new DeviceSpec.Cpu()))) {
            assertThat(losses(guarded, network)).isEqualTo(losses(plain, network));
        }
    }

    private static float[] losses(Engine engine, Network network) {
        float[] losses = new float[5];
        try (TrainingReplica replica = engine.training(network)) {
            replica.load(engine.initialState(network, 7));
            for (Network.Port input : network.inputs()) Arrays.fill(replica.input(input.name()), 0.5f);
            for (int i = 0; i < losses.length; i++) losses[i] = replica.train(2);
        }
        return losses;
    }
}
