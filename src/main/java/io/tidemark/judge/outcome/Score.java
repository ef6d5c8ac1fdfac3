package io.tidemark.judge.outcome;

import io.tidemark.judge.calibration.ScoreLevel;
import io.tidemark.judge.evidence.Reason;
import io.tidemark.series.sample.EventRanges;
import io.tidemark.series.sample.Frame;
import io.tidemark.series.sample.FrameRegion;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of one step of one series, or of one event that never became a step.
 *
 * <p>Mutable and reused by one thread: begun, filled in, written, and begun again. Values are in the features' own units; a number that is
 * not known is NaN. Score, alert score and smoothed score are in [0, 1], higher is stranger; the tail probability is in (0, 1], lower is
 * stranger.
 */
public final class Score {
    /** Version of the record's format. */
    public static final int VERSION = 1;
    /** No event time could be read. */
    public static final long NO_TIME = Long.MIN_VALUE;
    /** The event never became a step. */
    public static final long NO_STEP = Long.MIN_VALUE;

    public String stream = "";
    /** The series key; empty when it could not be read. */
    public String series = "";
    /** Event time, epoch milliseconds, or {@link #NO_TIME}. */
    public long timeMs = NO_TIME;
    /** Generation of the series' state; only with a step. */
    public int generation;
    /** Number of the step in its series, or {@link #NO_STEP}. */
    public long step = NO_STEP;

    public ScoreStatus status = ScoreStatus.REJECTED;
    /** Why, for people and meters; empty where the status says it all. */
    public String reason = "";

    public double score;
    public double alertScore;
    public double tailProbability;
    public double smoothedScore;
    /** log10 of the steps between two episodes of the series as severe as this step, at least 0. */
    public double returnLevel;
    /** The return level by the evidence alone, without the score; not written. */
    public double evidenceLevel;
    /** The return level at which an alert opens; NaN where one opens at a threshold of the score. */
    public double budgetLevel;
    /** Why the step is as strange as it is. */
    public final Reason evidence = new Reason();
    /** Steps of the series so far and needed for its first score; only while warming up. */
    public int samplesSeen;

    public int samplesNeeded;
    /** Share of filled steps in the window, in [0, 1]; NaN when a gap makes it unusable for networks. */
    public double filledShare;
    /** Closed because the series fell silent. */
    public boolean idleClosed;

    /** The frame that was judged; null for rows. */
    public Frame.@Nullable Source frame;
    /** What the first network that scored the frame says of it, at least 0; NaN when none did. */
    public double frameError = Double.NaN;
    /** Where the frame differs, largest peak first. */
    public List<FrameRegion> regions = List.of();

    /** The input topic of the events. */
    public String topic = "";

    public final EventRanges events = new EventRanges();

    private FeatureNames features = FeatureNames.NONE;
    private boolean judged;
    private double[] values = new double[1];
    private double[] expected = new double[1];
    private double[] lower = new double[1];
    private double[] upper = new double[1];
    private float[] shares = new float[1];
    private boolean[] imputed = new boolean[1];

    private int models;
    private String[] networks = new String[4];
    private int[] versions = new int[4];
    private String[] engines = new String[4];
    private String[] skips = new String[4];
    private double[] errors = new double[4];
    private double[] tails = new double[4];

    /** Begins a record: all features missing, no models, no events. */
    public void begin(FeatureNames names) {
        features = names;
        int count = names.size();
        if (values.length < count) {
            values = new double[count];
            expected = new double[count];
            lower = new double[count];
            upper = new double[count];
            shares = new float[count];
            imputed = new boolean[count];
        }
        Arrays.fill(values, 0, count, Double.NaN);
        Arrays.fill(imputed, 0, count, false);
        judged = false;
        series = "";
        timeMs = NO_TIME;
        generation = 0;
        step = NO_STEP;
        reason = "";
        score = Double.NaN;
        alertScore = Double.NaN;
        tailProbability = Double.NaN;
        smoothedScore = Double.NaN;
        returnLevel = Double.NaN;
        evidenceLevel = Double.NaN;
        budgetLevel = Double.NaN;
        evidence.clear();
        samplesSeen = 0;
        samplesNeeded = 0;
        filledShare = 0;
        idleClosed = false;
        models = 0;
        frame = null;
        frameError = Double.NaN;
        regions = List.of();
        events.clear();
    }

    /**
     * Says that an alert opens at this step: whoever reads scores alone sees it too. The score is at least what belongs to the budget's level, and the
     * tail probability at most what belongs to the return level.
     */
    public void opensAlert() {
        score = Math.max(score, ScoreLevel.scoreOf(budgetLevel));
        alertScore = Math.max(alertScore, score);
        tailProbability = Math.min(tailProbability, Math.pow(10, -returnLevel));
    }

    /** Adds what was expected, its band and the shares of the features: all not known until they are filled in. */
    public void judge() {
        int count = features.size();
        judged = true;
        Arrays.fill(expected, 0, count, Double.NaN);
        Arrays.fill(lower, 0, count, Double.NaN);
        Arrays.fill(upper, 0, count, Double.NaN);
        Arrays.fill(shares, 0, count, 0);
    }

    /** Whether expected values, bands and shares count. */
    public boolean judged() {
        return judged;
    }

    public FeatureNames features() {
        return features;
    }

    /** Values, NaN where missing; the first {@code features().size()} of this and the arrays below count. */
    public double[] values() {
        return values;
    }

    public double[] expected() {
        return expected;
    }

    public double[] lower() {
        return lower;
    }

    public double[] upper() {
        return upper;
    }

    /** Share of each feature in the score, in [0, 1]. */
    public float[] shares() {
        return shares;
    }

    public boolean[] imputed() {
        return imputed;
    }

    /** Adds a model that had its say. */
    public void model(String network, int version, String engine) {
        add(network, version, engine, "");
    }

    /**
     * Says what a model said of the step.
     *
     * @param error its mean error over the features, at least 0, in scaled units; NaN where it is not known
     * @param tailProbability how often a normal step has so large an error, in (0, 1]; NaN while too few are known
     */
    public void modelSaid(int model, double error, double tailProbability) {
        errors[model] = error;
        tails[model] = tailProbability;
    }

    /** Adds a network that had no say, and why. */
    public void skip(String network, int version, String engine, String reason) {
        add(network, version, engine, reason);
    }

    private void add(String network, int version, String engine, String skip) {
        if (models == versions.length) {
            networks = Arrays.copyOf(networks, 2 * models);
            versions = Arrays.copyOf(versions, 2 * models);
            engines = Arrays.copyOf(engines, 2 * models);
            skips = Arrays.copyOf(skips, 2 * models);
            errors = Arrays.copyOf(errors, 2 * models);
            tails = Arrays.copyOf(tails, 2 * models);
        }
        modelSaid(models, Double.NaN, Double.NaN);
        networks[models] = network;
        versions[models] = version;
        engines[models] = engine;
        skips[models++] = skip;
    }

    /** Networks that were asked. */
    public int models() {
        return models;
    }

    public String network(int model) {
        return networks[model];
    }

    /** Version of the model; 0 when there is none. */
    public int version(int model) {
        return versions[model];
    }

    public String engine(int model) {
        return engines[model];
    }

    /** Mean error of the model over the features; NaN where it is not known. */
    public double error(int model) {
        return errors[model];
    }

    /** How often a normal step has so large an error of the model; NaN where it is not known. */
    public double errorTail(int model) {
        return tails[model];
    }

    /** Why the network had no say; empty when it had. */
    public String skipped(int model) {
        return skips[model];
    }
}
