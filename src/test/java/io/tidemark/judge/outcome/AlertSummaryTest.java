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
            ERROR          |  4.55  | 4.55 above what the steps before let expect
            ERROR_BY_TIME  | -4.55  | 4.55 below what the steps before let expect
            LEVEL_32       |  3.2   | for some steps 3.2 above what was expected 32 steps before
            SIZE           |  3.12  | for some steps 3.12 times as far from what was expected as usual
            RUN            |  40    | the same for 41 steps
            SEASON         | -1234.6| for some steps 1235 below its usual at this time of day
            RELATION       |  1e-9  | 1.00e-09 above what the other features let expect
            FIRST_CHANGE   |  NaN   | after it had never changed
            """)
    void itNamesTheKindWithItsNumbers(Signal signal, double amount, String why) {
        assertThat(of(signal, amount)).isEqualTo("flow of p1 is 12.25, " + why);
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
                .isEqualTo("flow of p1 was 12.25, expected 6.1 to 9.5: unlike what a network expects");
        assertThat(AlertSummary.of("p1", false, reason, "", Double.NaN, List.of()))
                .isEqualTo("p1 is unlike before: unlike what a network expects");
    }
}
