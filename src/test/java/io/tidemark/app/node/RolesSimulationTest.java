package io.tidemark.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Every event has one outcome, every series its order, every row its gate before it teaches, every version one number and every job one
 * report, whatever fails when. {@code -Dsimulation.seeds=10000} tries more seeds, {@code -Dsimulation.seed=N} one again.
 */
class RolesSimulationTest {
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 200);

    private final Logger log = (Logger) LoggerFactory.getLogger("io.tidemark");
    private final @Nullable Level level = log.getLevel();

    /** What the roles say of faults that are made to happen. */
    @BeforeEach
    void beQuiet() {
        if (Long.getLong("simulation.seed") == null) log.setLevel(Level.ERROR);
    }

    @AfterEach
    void speakAgain() {
        log.setLevel(level);
    }

    @Test
    void nothingIsLostOrDoubledWhateverFailsWhen() throws InterruptedException {
        Long one = Long.getLong("simulation.seed");
        long first = one == null ? 1 : one;
        long last = one == null ? SEEDS : one;
        long crashes = 0;
        long zombies = 0;
        long steps = 0;
        long published = 0;
        long retrained = 0;
        for (long seed = first; seed <= last; seed++) {
            Simulation simulation = new Simulation(seed);
            try {
                Invariants held = simulation.run();
                steps += held.steps;
                published += held.published;
                retrained += held.retrained;
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + " fails; repeat it with -Dsimulation.seed=" + seed, e);
            }
            crashes += simulation.crashed;
            zombies += simulation.zombies;
        }
        String seen = steps + " steps, " + published + " versions, " + retrained + " of them retrained, " + crashes
                + " crashes, " + zombies + " zombies";
        System.out.println(seen);
        if (one == null)
            assertThat(Math.min(Math.min(steps, retrained), Math.min(Math.min(published, crashes), zombies)))
                    .as(seen)
                    .isPositive();
    }
}
