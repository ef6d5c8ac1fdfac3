package io.tidemark.role.verdict;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.tidemark.judge.feedback.Feedback;
import io.tidemark.judge.outcome.Alert;
import io.tidemark.judge.outcome.ScoreStatus;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import io.tidemark.series.sample.Label;

/** The verdict's meters of one stream, looked up once. */
final class VerdictMeters {
    private final Counter[] outcomes = new Counter[ScoreStatus.values().length];
    private final Counter[] alerts = new Counter[Alert.State.values().length];
    final Counter forecasts;
    final Counter calibrationsLost;
    private final Counter normal;
    private final Counter anomalies;
    /** From an event's Kafka timestamp until its score is made; the transaction that shows it commits after. */
    final Timer endToEnd;

    final Meters.Level alertsOpen;
    final Meters.Ranking strangest;

    VerdictMeters(Meters meters, String stream) {
        for (ScoreStatus status : ScoreStatus.values()) {
            outcomes[status.ordinal()] = meters.counter(MeterName.OUTCOMES, stream, status.label());
        }
        for (Alert.State state : Alert.State.values()) {
            alerts[state.ordinal()] = meters.counter(MeterName.ALERTS, stream, state.label());
        }
        calibrationsLost = meters.counter(MeterName.CALIBRATIONS_LOST, stream);
        forecasts = meters.counter(MeterName.FORECASTS, stream);
        normal = meters.counter(MeterName.LABELS, stream, Feedback.NORMAL);
        anomalies = meters.counter(MeterName.LABELS, stream, Feedback.ANOMALY);
        endToEnd = meters.timer(MeterName.END_TO_END, stream);
        strangest = meters.ranking(MeterName.STRANGEST_SERIES, StrangestSeries.MOST, stream);
        alertsOpen = meters.level(MeterName.ALERTS_OPEN, stream);
    }

    Counter outcome(ScoreStatus status) {
        return outcomes[status.ordinal()];
    }

    Counter label(Label label) {
        return label.anomaly() ? anomalies : normal;
    }

    Counter alert(Alert.State state) {
        return alerts[state.ordinal()];
    }
}
