package io.tidemark.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FleetTest {
    private static final long MONDAY = 1_767_571_200_000L;
    private static final long HOUR = 3_600_000L;

    @Test
    void theSameSeedGivesTheSameFleet() {
        double[] one = report(new Fleet(3, 7, List.of()), 2, MONDAY);
        double[] two = report(new Fleet(3, 7, List.of()), 2, MONDAY);

        assertThat(one).containsExactly(two);
        assertThat(report(new Fleet(3, 8, List.of()), 2, MONDAY)).isNotEqualTo(one);
    }

    @Test
    void noonIsBusierThanMidnightAndSundayQuieterThanMonday() {
        double midnight = meanCpu(MONDAY);
        double noon = meanCpu(MONDAY + 12 * HOUR);
        double sundayNoon = meanCpu(MONDAY + 6 * 24 * HOUR + 12 * HOUR);

        assertThat(noon).isGreaterThan(midnight + 15);
        assertThat(sundayNoon).isLessThan(noon - 8);
    }

    @Test
    void everyKindOfFaultShowsInItsFeatureAndOnlyWhileItActs() {
        for (Fault.Kind kind : Fault.Kind.values()) {
            Fault fault = new Fault(0, kind, MONDAY, MONDAY + HOUR);
            Fleet healthy = new Fleet(1, 1, List.of());
            Fleet faulty = new Fleet(1, 1, List.of(fault));
            double before = distance(healthy, faulty, MONDAY - HOUR);
            double during = distance(healthy, faulty, MONDAY + HOUR / 2);

            assertThat(before).as(kind + " before").isZero();
            assertThat(during).as(kind + " during").isGreaterThan(0.5);
        }
    }

    @Test
    void thePlanTakesKindsInTurnAndEndsInTime() {
        List<Fault> plan = Fleet.plan(12, 3, 0, 100, 10, 15);

        assertThat(plan).extracting(Fault::kind).startsWith(Fault.Kind.values());
        assertThat(plan).allSatisfy(fault -> assertThat(fault.toMs()).isLessThanOrEqualTo(100));
    }

    @Test
    void anAlertWithinTheGraceFindsItsFaultAndAnotherIsFalse() {
        Fault fault = new Fault(2, Fault.Kind.SPIKE, 1000, 2000);
        FaultTally tally = new FaultTally(List.of(fault), 500);

        assertThat(tally.opened("a", 2, 2400)).isTrue();
        assertThat(tally.opened("b", 2, 2600)).isFalse();
        assertThat(tally.opened("b", 2, 2600)).isTrue();
        assertThat(tally.opened("c", 1, 1500)).isFalse();
        assertThat(tally.found(fault)).isTrue();
        assertThat(tally.falseAlerts()).isEqualTo(2);
        assertThat(tally.medianDelayMs()).isEqualTo(1400);
    }

    private static double[] report(Fleet fleet, int machine, long timeMs) {
        double[] values = new double[Fleet.FEATURES.size()];
        fleet.values(machine, timeMs, values);
        return values;
    }

    private static double meanCpu(long from) {
        Fleet fleet = new Fleet(1, 1, List.of());
        double sum = 0;
        for (int i = 0; i < 60; i++) sum += report(fleet, 0, from + i * 60_000L)[0];
        return sum / 60;
    }

    private static double distance(Fleet a, Fleet b, long timeMs) {
        double[] x = report(a, 0, timeMs);
        double[] y = report(b, 0, timeMs);
        double most = 0;
        for (int f = 0; f < x.length; f++) most = Math.max(most, Math.abs(x[f] - y[f]));
        return most;
    }
}
