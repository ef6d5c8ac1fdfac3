package io.tidemark.judge.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.judge.evidence.EvidenceKind;
import io.tidemark.judge.evidence.Reason;
import io.tidemark.judge.evidence.Signal;
import io.tidemark.series.sample.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two features around 100, of which one must deviate by ten to count. */
final class DeviationRulesTest {
    private static final FeatureNames NAMES = new FeatureNames(List.of("flow", "heat"));
    private static final Reason UNNAMED = new Reason();

    private final Score score = new Score();
    private final Step step = new Step();

    private static DeviationRules rules(String flow) {
        return new DeviationRules(
                Pumps.spec("[flow, heat]", "verdict: {features: {flow: {" + flow + "}}}")
                        .verdict()
                        .deviations(),
                NAMES);
    }

    /** A step whose features have these shares. */
    private void step(double flow, double heat, float flowShare) {
        step.features(2);
        step.values()[0] = flow;
        step.values()[1] = heat;
        step.scale()[0] = 2;
        step.scale()[1] = 2;
        score.begin(NAMES);
        score.judge();
        score.expected()[0] = 100;
        score.expected()[1] = 100;
        score.shares()[0] = flowShare;
        score.shares()[1] = 1 - flowShare;
    }

    private boolean counts(DeviationRules rules, Reason reason, boolean opensByEvidence) {
        return rules.counts(reason, opensByEvidence, step, score, new int[Alert.FEATURES_MAX]);
    }

    @Test
    void whereNoFeatureIsNamedTheOneWithTheLargestShareDecidesAndWhatIsNearlyAsStrong() {
        DeviationRules rules = rules("minimum-absolute: 10");
        step(105, 101, 0.9F);
        assertThat(counts(rules, UNNAMED, true)).isFalse();
        step(105, 101, 0.6F);
        assertThat(counts(rules, UNNAMED, true))
                .as("heat has more than half as much")
                .isTrue();
        step(110, 101, 0.9F);
        assertThat(counts(rules, UNNAMED, true)).isTrue();
        step(Double.NaN, 101, 0.9F);
        assertThat(counts(rules, UNNAMED, true)).as("nothing was measured").isFalse();
    }

    @Test
    void aNamedFeatureDecidesByTheDifferenceThatIsTold() {
        DeviationRules rules = rules("minimum-absolute: 10");
        Reason level = new Reason().set(EvidenceKind.LEVEL, Signal.LEVEL_32, 0, 12);
        step(105, 101, 0.9F);
        assertThat(counts(rules, level, true)).isTrue();
        assertThat(counts(rules, level, false))
                .as("a threshold of the score hears no evidence")
                .isFalse();
        step(105, 300, 0.1F);
        level.set(EvidenceKind.LEVEL, Signal.LEVEL_32, 0, 9);
        assertThat(counts(rules, level, true)).isFalse();
        level.set(EvidenceKind.LEVEL, Signal.LEVEL_32, 1, 9);
        assertThat(counts(rules, level, true)).as("nothing is declared of heat").isTrue();
        score.expected()[1] = Double.NaN;
        level.set(EvidenceKind.RANGE, Signal.VALUE, 1, Double.NaN);
        assertThat(counts(rules, level, true)).as("nor is a deviation known").isTrue();
    }

    @Test
    void whereNothingWasExpectedEveryDeviationIsLargeEnoughAsAShareOfIt() {
        DeviationRules rules = rules("minimum-relative: 0.5");
        step(0.1, 101, 0.9F);
        score.expected()[0] = 0;
        assertThat(counts(rules, UNNAMED, true)).isTrue();
        score.expected()[0] = -0.2;
        assertThat(counts(rules, UNNAMED, true)).isTrue();
        score.expected()[0] = 0.19;
        assertThat(counts(rules, UNNAMED, true)).isFalse();
    }

    @Test
    void aRuleOfOneFeatureLeavesWhatTheStreamSaysOfTheOthers() {
        DeviationRules rules =
                new DeviationRules(Pumps.spec("[flow, heat]", """
                        verdict:
                          minimum-deviation: 4
                          direction: below
                          features: {flow: {minimum-absolute: 1}}
                        """).verdict().deviations(), NAMES);
        step(98, 101, 0.9F);
        assertThat(counts(rules, UNNAMED, true)).isTrue();
        step(102, 101, 0.9F);
        assertThat(counts(rules, UNNAMED, true)).as("the stream's direction").isFalse();
        step(100, 93, 0.1F);
        assertThat(counts(rules, UNNAMED, true)).as("3.5 scale units").isFalse();
        step(100, 92, 0.1F);
        assertThat(counts(rules, UNNAMED, true)).isTrue();
    }
}
