package io.tidemark.learn.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AlertsFoundTest {
    private static final List<LabelledIncident> INCIDENTS = List.of(
            new LabelledIncident("spike", 100, 101),
            new LabelledIncident("drift", 300, 340),
            new LabelledIncident("spike", 600, 601));

    @Test
    void anIncidentIsFoundFromItsFirstRowToTheEndOfItsGrace() {
        assertThat(found(100).all().delays()).containsExactly(0);
        assertThat(found(106).all().delays()).containsExactly(6);
        assertThat(found(99).all().found()).isZero();
        assertThat(found(107).all().found()).isZero();
    }

    @Test
    void anEchoIsNeitherAFindNorFalse() {
        AlertsFound found = found(161);
        assertThat(found.all().found()).isZero();
        assertThat(found.falseAlerts()).isZero();
        assertThat(found(162).falseAlerts()).isEqualTo(1);
    }

    @Test
    void figuresOfAWorkedExample() {
        AlertsFound found = found(50, 103, 310, 320, 900);

        assertThat(found.recall()).isEqualTo(2.0 / 3);
        assertThat(found.precision()).isEqualTo(3.0 / 5);
        assertThat(found.falseInTenThousandRows()).isEqualTo(20);
        assertThat(found.falseInSeriesWeek()).isEqualTo(1);
        assertThat(found.all().medianDelay()).isEqualTo(6.5);
        assertThat(Objects.requireNonNull(found.kinds().get("spike")).incidents())
                .isEqualTo(2);
        assertThat(Objects.requireNonNull(found.kinds().get("spike")).delays()).containsExactly(3);
    }

    @Test
    void aSumIsOverIncidentsNotOverSeries() {
        AlertsFound sum = AlertsFound.sum(List.of(found(100, 300, 600), found(50)));

        assertThat(sum.recall()).isEqualTo(0.5);
        assertThat(sum.falseAlerts()).isEqualTo(1);
        assertThat(sum.falseInTenThousandRows()).isEqualTo(5);
    }

    @Test
    void withoutIncidentsOrAlertsNothingIsKnown() {
        AlertsFound none = AlertsFound.of(10, Double.NaN, List.of(), new int[0], AlertsFound.Rule.WINDOWS);

        assertThat(none.recall()).isNaN();
        assertThat(none.precision()).isNaN();
        assertThat(none.falseInSeriesWeek()).isNaN();
    }

    @Test
    void anIncidentThatEndsBeforeItBeginsIsNone() {
        assertThatThrownBy(() -> new LabelledIncident("", 5, 4)).hasMessageContaining("5 to 4");
    }

    private static AlertsFound found(int... openings) {
        return AlertsFound.of(1000, 2, INCIDENTS, openings, AlertsFound.Rule.FAULTS);
    }
}
