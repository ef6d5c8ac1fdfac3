package io.tidemark.judge.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Random walks of scores through random settings; fixed seeds. */
class AlertMachineProperties {
    private static final int CASES = 200;
    private static final int STEPS = 500;

    @Test
    void openAndResolvedAlternate() {
        for (int seed = 0; seed < CASES; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            AlertMachine machine = new AlertMachine(spec(random));
            boolean open = false;
            double score = random.nextDouble();
            for (int step = 0; step < STEPS; step++) {
                score = next(random, score);
                AlertChange change = machine.step(step * 1000L, score, score, new float[] {1});
                assertThat(change == AlertChange.OPENED && open)
                        .as("seed %d opens twice", seed)
                        .isFalse();
                assertThat(change == AlertChange.RESOLVED && !open)
                        .as("seed %d resolves nothing", seed)
                        .isFalse();
                open = change == AlertChange.OPENED || open && change != AlertChange.RESOLVED;
                assertThat(machine.isOpen()).isEqualTo(open);
            }
        }
    }

    @Test
    void anAlertNeverOpensBelowItsThresholdNorResolvesAboveTheOther() {
        for (int seed = 0; seed < CASES; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            AlertSpec spec = spec(random);
            AlertMachine machine = new AlertMachine(spec);
            double score = random.nextDouble();
            for (int step = 0; step < STEPS; step++) {
                score = next(random, score);
                AlertChange change = machine.step(step * 1000L, score, score, new float[] {1});
                assertThat(change == AlertChange.OPENED && score < spec.openAt())
                        .isFalse();
                assertThat(change == AlertChange.RESOLVED && score >= spec.resolveBelow())
                        .isFalse();
            }
        }
    }

    @Test
    void aMachineRestoredAtAnyStepGoesOnTheSame() {
        for (int seed = 0; seed < CASES; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            AlertSpec spec = spec(random);
            AlertMachine live = new AlertMachine(spec);
            byte[] stored = live.save();
            double score = random.nextDouble();
            for (int step = 0; step < STEPS; step++) {
                AlertMachine restored = new AlertMachine(spec);
                restored.restore(stored);
                score = next(random, score);
                float[] shares = {(float) random.nextDouble(), (float) random.nextDouble()};
                int said = random.nextInt(30);
                for (AlertMachine machine : new AlertMachine[] {live, restored}) {
                    if (said == 0) machine.excuse();
                    if (said == 1) machine.confirm();
                }
                AlertChange change = live.step(step * 1000L, score, score, shares);
                assertThat(restored.step(step * 1000L, score, score, shares)).isEqualTo(change);
                if (live.isChanged()) {
                    stored = live.save();
                }
                assertThat(restored.save()).isEqualTo(live.save());
            }
        }
    }

    private static double next(SplittableRandom random, double score) {
        return Math.max(0, Math.min(1, score + 0.4 * (random.nextDouble() - 0.5)));
    }

    private static AlertSpec spec(SplittableRandom random) {
        double openAt = 0.3 + 0.6 * random.nextDouble();
        boolean onScore = random.nextBoolean();
        return new AlertSpec(
                onScore ? AlertSpec.OpensOn.SCORE : AlertSpec.OpensOn.ALERT_SCORE,
                openAt,
                onScore ? random.nextInt(1, 5) : 1,
                openAt * random.nextDouble(),
                random.nextInt(1, 5),
                random.nextInt(1, 100));
    }
}
