package io.tidemark.role.ingest;

import io.micrometer.core.instrument.Counter;
import io.tidemark.judge.outcome.ScoreStatus;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import io.tidemark.series.event.RejectReason;

/** What ingest counts of one stream, looked up once. */
final class IngestMeters {
    final Counter events;
    final Counter passedOver;
    final Counter badValues;
    final Counter outsideValues;
    private final Counter[] outcomes = new Counter[ScoreStatus.values().length];
    private final Counter[] deadLetters = new Counter[RejectReason.values().length];
    final Counter expired;
    final Meters.Level series;

    IngestMeters(Meters meters, String stream) {
        events = meters.counter(MeterName.EVENTS, stream);
        passedOver = meters.counter(MeterName.OTHER_KIND, stream);
        badValues = meters.counter(MeterName.BAD_VALUES, stream);
        outsideValues = meters.counter(MeterName.OUTSIDE_VALUES, stream);
        for (ScoreStatus status : ScoreStatus.values()) {
            outcomes[status.ordinal()] = meters.counter(MeterName.OUTCOMES, stream, status.label());
        }
        for (RejectReason reason : RejectReason.values()) {
            deadLetters[reason.ordinal()] = meters.counter(MeterName.DEAD_LETTERS, stream, reason.label());
        }
        expired = meters.counter(MeterName.SERIES_EXPIRED, stream);
        series = meters.level(MeterName.SERIES, stream);
    }

    Counter outcome(ScoreStatus status) {
        return outcomes[status.ordinal()];
    }

    Counter deadLetter(RejectReason reason) {
        return deadLetters[reason.ordinal()];
    }
}
