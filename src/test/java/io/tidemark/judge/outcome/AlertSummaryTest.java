package io.tidemark.judge.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.judge.evidence.EvidenceKind;
import io.tidemark.judge.evidence.Reason;
import io.tidemark.judge.evidence.Signal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class AlertSummaryTest {
    private static final List<Alert.Feature> TOP = List.of(new Alert.Feature("flow", 0.9, 12.25, 7.7, 6.1, 9.5));

    private static String of(Signal signal, double amount) {
        Reason reason = new Reason().set(EvidenceKind.POINT, signal, 0, amount);
        return AlertSummary.of("p1", false, reason, "flow", 12.25, TOP);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ERROR          |  4.55  | expected 6.1 to 9.5: 4.55 above what the steps before let expect
            ERROR_BY_TIME  | -4.55  | expected 6.1 to 9.5: 4.55 below what the steps before let expect
            LEVEL_32       |  3.2   | expected 6.1 to 9.5: for some steps 3.2 above what was expected 32 steps before
            SIZE           |  3.12  | expected 6.1 to 9.5: for some steps 3.12 times as far from what was expected as usual
            RUN            |  40    | the same for 41 steps
            MOTION         |  0.031 | and it moves by only 0.031 a step
            MOTION         |  NaN   | and it hardly moves
            SEASON         | -1234.6| expected 6.1 to 9.5: for some steps 1235 below its usual at this time of day
            RELATION       |  1e-9  | expected 6.1 to 9.5: 1.00e-09 above what the other features let expect
            FIRST_CHANGE   |  NaN   | expected 6.1 to 9.5: after it had never changed
            """)
    void itNamesTheKindWithItsNumbers(Signal signal, double amount, String why) {
        assertThat(of(signal, amount)).isEqualTo("flow of p1 is 12.25, " + why + "; 90 % of the surprise");
    }

    @ParameterizedTest
    @EnumSource(Signal.class)
    void everySignalHasASentenceWithoutGaps(Signal signal) {
        assertThat(of(signal, 2)).doesNotContain("NaN", "missing", "null", "  ");
        assertThat(of(signal, 2)).startsWith("flow of p1 is 12.25, ").hasSizeGreaterThan(30);
    }

    @Test
    void aNetworksErrorNamesTheFeatureThatStandsOutMost() {
        Reason reason = new Reason().set(EvidenceKind.NETWORK, Signal.WHOLE, Reason.NO_FEATURE, Double.NaN);
        assertThat(AlertSummary.of("p1", true, reason, "", Double.NaN, TOP))
                .isEqualTo(
                        "flow of p1 was 12.25, expected 6.1 to 9.5: unlike what a network expects; 90 % of the surprise");
        assertThat(AlertSummary.of("p1", false, reason, "", Double.NaN, List.of()))
                .isEqualTo("p1 is unlike before: unlike what a network expects");
    }

    @Test
    void whatWasExpectedAndTheShareAreToldWhereTheySaySomething() {
        Reason reason = new Reason().set(EvidenceKind.POINT, Signal.ERROR, 1, 2);
        Alert.Feature within = new Alert.Feature("heat", 0.3, 9, 8, 7, 10);
        Alert.Feature unknown = new Alert.Feature("heat", 0.3, 9, 8, Double.NaN, Double.NaN);
        String why = "heat of p1 is 9, 2 above what the steps before let expect";
        assertThat(AlertSummary.of("p1", false, reason, "heat", 9, List.of(within)))
                .isEqualTo(why + "; 30 % of the surprise");
        assertThat(AlertSummary.of("p1", false, reason, "heat", 9, List.of(unknown)))
                .isEqualTo(why + "; 30 % of the surprise");
        assertThat(AlertSummary.of("p1", false, reason, "heat", 9, List.of(TOP.get(0), within)))
                .as("not what stands out most")
                .isEqualTo(why);
        assertThat(AlertSummary.of("p1", false, reason, "heat", 9, List.of()))
                .as("another generation has other features")
                .isEqualTo(why);
        Alert.Feature alone = new Alert.Feature("heat", 1, 12, 8, 7, 10);
        assertThat(AlertSummary.of("p1", false, reason, "heat", 12, List.of(alone)))
                .isEqualTo("heat of p1 is 12, expected 7 to 10: 2 above what the steps before let expect");
    }
}
