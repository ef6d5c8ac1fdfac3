package io.tidemark.judge.outcome;

import io.tidemark.series.sample.EventRanges;
import io.tidemark.series.sample.Frame;
import io.tidemark.series.sample.FrameRegion;
import java.nio.charset.StandardCharsets;

/**
 * Writes scores, forecasts and alerts as JSON in UTF-8, as the schemas of {@code topology/formats/} declare it.
 *
 * <p>One instance for one thread; the only garbage is the array returned. Input values keep all their digits; expected values, bands and
 * quantiles are rounded to {@value #UNIT_DIGITS} significant digits, scores to {@value #SCORE_DECIMALS} decimals, probabilities to
 * {@value #PROBABILITY_DIGITS} significant digits.
 */
public final class OutcomeWriter {
    /** Features whose share of the score is written, largest first. */
    public static final int CONTRIBUTIONS_MAX = 16;

    private static final int UNIT_DIGITS = 9;
    private static final int SCORE_DECIMALS = 6;
    private static final int PROBABILITY_DIGITS = 6;
    private static final int SHARE_DECIMALS = 4;
    private static final int LEVEL_DECIMALS = 3;

    private static final byte[] VERSION = key("version");
    private static final byte[] STREAM = key("stream");
    private static final byte[] SERIES = key("series");
    private static final byte[] TIME = key("time");
    private static final byte[] GENERATION = key("generation");
    private static final byte[] STEP = key("step");
    private static final byte[] STATUS = key("status");
    private static final byte[] REASON = key("reason");
    private static final byte[] SCORE = key("score");
    private static final byte[] ALERT_SCORE = key("alert_score");
    private static final byte[] TAIL_PROBABILITY = key("tail_probability");
    private static final byte[] SMOOTHED_SCORE = key("smoothed_score");
    private static final byte[] RETURN_LEVEL = key("return_level");
    private static final byte[] BUDGET_LEVEL = key("budget_level");
    private static final byte[] KIND = key("kind");
    private static final byte[] SAMPLES_SEEN = key("samples_seen");
    private static final byte[] SAMPLES_NEEDED = key("samples_needed");
    private static final byte[] FILLED_SHARE = key("filled_share");
    private static final byte[] IDLE_CLOSED = key("idle_closed");
    private static final byte[] VALUES = key("values");
    private static final byte[] EXPECTED = key("expected");
    private static final byte[] LOWER = key("lower");
    private static final byte[] UPPER = key("upper");
    private static final byte[] CONTRIBUTION = key("contribution");
    private static final byte[] IMPUTED = key("imputed");
    private static final byte[] MODELS = key("models");
    private static final byte[] MODEL = key("model");
    private static final byte[] SKIPPED = key("skipped");
    private static final byte[] NETWORK = key("network");
    private static final byte[] ENGINE = key("engine");
    private static final byte[] EVENTS = key("events");
    private static final byte[] TOPIC = key("topic");
    private static final byte[] PARTITION = key("partition");
    private static final byte[] OFFSET = key("offset");
    private static final byte[] COUNT = key("count");
    private static final byte[] ISSUED_AT = key("issued_at");
    private static final byte[] STEP_MS = key("step_ms");
    private static final byte[] HORIZON = key("horizon");
    private static final byte[] QUANTILES = key("quantiles");
    private static final byte[] ID = key("id");
    private static final byte[] STATE = key("state");
    private static final byte[] SINCE = key("since");
    private static final byte[] UNTIL = key("until");
    private static final byte[] PEAK_SCORE = key("peak_score");
    private static final byte[] PEAK_TIME = key("peak_time");
    private static final byte[] SUMMARY = key("summary");
    private static final byte[] FEATURES = key("features");
    private static final byte[] NAME = key("name");
    private static final byte[] VALUE = key("value");
    private static final byte[] FRAME = key("frame");
    private static final byte[] WIDTH = key("width");
    private static final byte[] HEIGHT = key("height");
    private static final byte[] ERROR = key("error");
    private static final byte[] REGIONS = key("regions");
    private static final byte[] LEFT = key("left");
    private static final byte[] TOP = key("top");
    private static final byte[] SHARE = key("share");

    private final JsonBuffer json = new JsonBuffer(1024);
    private final Score status = new Score();
    private final int[] largest = new int[CONTRIBUTIONS_MAX];

    private static byte[] key(String name) {
        return ('"' + name + '"').getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Writes the outcome of one event that never became a step.
     *
     * @param series the series key; empty when it could not be read
     * @param timeMs event time, epoch milliseconds, or {@link Score#NO_TIME}
     * @param reason why; empty where the status says it all
     * @param topic the event's topic
     */
    public byte[] status(
            String stream,
            String series,
            long timeMs,
            ScoreStatus outcome,
            String reason,
            String topic,
            int partition,
            long offset) {
        status.begin(FeatureNames.NONE);
        status.stream = stream;
        status.series = series;
        status.timeMs = timeMs;
        status.status = outcome;
        status.reason = reason;
        status.topic = topic;
        status.events.add(partition, offset);
        return write(status);
    }

    public byte[] write(Score score) {
        json.clear().open('{').key(VERSION).integer(Score.VERSION);
        series(score.stream, score.series);
        if (score.timeMs != Score.NO_TIME) json.key(TIME).time(score.timeMs);
        if (score.step != Score.NO_STEP)
            json.key(GENERATION).integer(score.generation).key(STEP).integer(score.step);
        json.key(STATUS).raw(score.status.quoted);
        if (!score.reason.isEmpty()) json.key(REASON).string(score.reason);
        if (score.status == ScoreStatus.SCORED) {
            json.key(SCORE).rounded(score.score, SCORE_DECIMALS);
            json.key(ALERT_SCORE).rounded(score.alertScore, SCORE_DECIMALS);
            json.key(TAIL_PROBABILITY).significant(score.tailProbability, PROBABILITY_DIGITS);
            json.key(SMOOTHED_SCORE).rounded(score.smoothedScore, SCORE_DECIMALS);
            json.key(RETURN_LEVEL).rounded(score.returnLevel, LEVEL_DECIMALS);
            json.key(KIND).string(score.evidence.kind().label());
        } else if (score.status == ScoreStatus.WARMING_UP) {
            json.key(SAMPLES_SEEN).integer(score.samplesSeen);
            json.key(SAMPLES_NEEDED).integer(score.samplesNeeded);
        }
        features(score);
        frame(score);
        models(score);
        events(score.topic, score.events);
        return json.close('}').toBytes();
    }

    private void series(String stream, String series) {
        json.key(STREAM).string(stream);
        if (!series.isEmpty()) json.key(SERIES).string(series);
    }

    private void features(Score score) {
        FeatureNames names = score.features();
        if (names.size() == 0) return;
        double[] values = score.values();
        json.key(VALUES).open('{');
        for (int i = 0; i < names.size(); i++) json.key(names.quoted(i)).exact(values[i]);
        json.close('}');
        if (score.judged()) {
            units(EXPECTED, names, score.expected());
            units(LOWER, names, score.lower());
            units(UPPER, names, score.upper());
            contributions(names, score.shares());
        }
        imputed(names, score.imputed());
        if (score.filledShare != 0) json.key(FILLED_SHARE).significant(score.filledShare, 3);
        if (score.idleClosed) json.key(IDLE_CLOSED).bool(true);
    }

    private void frame(Score score) {
        Frame.Source frame = score.frame;
        if (frame == null) return;
        json.key(FRAME).open('{').key(WIDTH).integer(frame.width()).key(HEIGHT).integer(frame.height());
        if (!frame.id().isEmpty()) json.key(ID).string(frame.id());
        if (!Double.isNaN(score.frameError)) json.key(ERROR).significant(score.frameError, UNIT_DIGITS);
        json.close('}');
        if (Double.isNaN(score.frameError)) return;
        json.key(REGIONS).open('[');
        for (FrameRegion region : score.regions) {
            json.open('{').key(LEFT).integer(region.left()).key(TOP).integer(region.top());
            json.key(WIDTH).integer(region.width()).key(HEIGHT).integer(region.height());
            json.key(SHARE).rounded(region.share(), SHARE_DECIMALS).close('}');
        }
        json.close(']');
    }

    private void units(byte[] key, FeatureNames names, double[] values) {
        json.key(key).open('{');
        for (int i = 0; i < names.size(); i++) json.key(names.quoted(i)).significant(values[i], UNIT_DIGITS);
        json.close('}');
    }

    private void contributions(FeatureNames names, float[] shares) {
        int count = TopFeatures.largest(shares, names.size(), largest);
        json.key(CONTRIBUTION).open('{');
        for (int i = 0; i < count; i++) json.key(names.quoted(largest[i])).rounded(100 * shares[largest[i]], 1);
        json.close('}');
    }

    private void imputed(FeatureNames names, boolean[] imputed) {
        boolean any = false;
        for (int i = 0; i < names.size(); i++) {
            if (!imputed[i]) continue;
            if (!any) json.key(IMPUTED).open('[');
            any = true;
            json.raw(names.quoted(i));
        }
        if (any) json.close(']');
    }

    private void models(Score score) {
        int skipped = 0;
        if (score.step != Score.NO_STEP) json.key(MODELS).open('[');
        for (int i = 0; i < score.models(); i++) {
            if (score.skipped(i).isEmpty()) {
                said(score, i);
            } else {
                skipped++;
            }
        }
        if (score.step != Score.NO_STEP) json.close(']');
        if (skipped == 0) return;
        json.key(SKIPPED).open('[');
        for (int i = 0; i < score.models(); i++) {
            if (score.skipped(i).isEmpty()) continue;
            json.open('{').key(NETWORK).string(score.network(i));
            if (score.version(i) > 0) json.key(VERSION).integer(score.version(i));
            json.key(REASON).string(score.skipped(i)).close('}');
        }
        json.close(']');
    }

    private void said(Score score, int i) {
        begin(score.network(i), score.version(i), score.engine(i));
        if (!Double.isNaN(score.error(i))) json.key(ERROR).significant(score.error(i), PROBABILITY_DIGITS);
        if (!Double.isNaN(score.errorTail(i)))
            json.key(TAIL_PROBABILITY).significant(score.errorTail(i), PROBABILITY_DIGITS);
        json.close('}');
    }

    private void model(String network, int version, String engine) {
        begin(network, version, engine);
        json.close('}');
    }

    private void begin(String network, int version, String engine) {
        json.open('{').key(NETWORK).string(network).key(VERSION).integer(version);
        json.key(ENGINE).string(engine);
    }

    private void events(String topic, EventRanges events) {
        json.key(EVENTS).open('[');
        for (int i = 0; i < events.size(); i++) {
            json.open('{').key(TOPIC).string(topic);
            json.key(PARTITION).integer(events.partition(i)).key(OFFSET).integer(events.firstOffset(i));
            json.key(COUNT).integer(events.count(i)).close('}');
        }
        json.close(']');
    }

    public byte[] write(Forecast forecast) {
        json.clear().open('{').key(VERSION).integer(Forecast.VERSION);
        series(forecast.stream, forecast.series);
        json.key(ISSUED_AT).time(forecast.issuedMs).key(GENERATION).integer(forecast.generation);
        if (forecast.stepMs > 0) json.key(STEP_MS).integer(forecast.stepMs);
        json.key(HORIZON).integer(forecast.horizon).key(MODEL);
        model(forecast.network, forecast.version, forecast.engine);
        json.key(QUANTILES).open('{');
        FeatureNames names = forecast.features;
        for (int f = 0; f < names.size(); f++) {
            json.key(names.quoted(f)).open('{');
            for (int q = 0; q < forecast.levels.length; q++) quantile(forecast, f, q);
            json.close('}');
        }
        return json.close('}').close('}').toBytes();
    }

    private void quantile(Forecast forecast, int feature, int quantile) {
        int features = forecast.features.size();
        int levels = forecast.levels.length;
        json.key(key(level(forecast.levels[quantile]))).open('[');
        for (int h = 0; h < forecast.horizon; h++) {
            json.significant(forecast.quantiles[(h * features + feature) * levels + quantile], UNIT_DIGITS);
        }
        json.close(']');
    }

    /** The shortest decimal of a level, such as {@code 0.1}. */
    private static String level(float level) {
        return Float.toString(level);
    }

    public byte[] write(Alert alert) {
        boolean resolved = alert.state() == Alert.State.RESOLVED;
        json.clear().open('{').key(VERSION).integer(Alert.VERSION);
        json.key(ID).string(alert.id()).key(STATE).string(alert.state().label());
        series(alert.subject().stream(), alert.subject().series());
        json.key(GENERATION).integer(alert.subject().generation());
        json.key(TIME).time(alert.timeMs()).key(SINCE).time(alert.sinceMs());
        if (resolved) json.key(UNTIL).time(alert.timeMs()).key(REASON).string(alert.reason());
        json.key(PEAK_SCORE).rounded(alert.peak().score(), SCORE_DECIMALS);
        json.key(PEAK_TIME).time(alert.peak().timeMs());
        json.key(RETURN_LEVEL)
                .rounded(alert.peak().returnLevel(), LEVEL_DECIMALS)
                .key(BUDGET_LEVEL)
                .rounded(alert.peak().budgetLevel(), LEVEL_DECIMALS)
                .key(KIND)
                .string(alert.peak().kind().label());
        json.key(SUMMARY).string(alert.summary()).key(FEATURES).open('[');
        for (Alert.Feature feature : alert.peak().features()) {
            json.open('{').key(NAME).string(feature.name());
            json.key(CONTRIBUTION).rounded(100 * feature.share(), 1);
            json.key(VALUE).exact(feature.value()).key(EXPECTED).significant(feature.expected(), UNIT_DIGITS);
            json.key(LOWER).significant(feature.lower(), UNIT_DIGITS);
            json.key(UPPER).significant(feature.upper(), UNIT_DIGITS);
            json.close('}');
        }
        return json.close(']').close('}').toBytes();
    }
}
