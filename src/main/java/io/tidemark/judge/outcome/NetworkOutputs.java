package io.tidemark.judge.outcome;

import io.tidemark.series.sample.Inference;
import io.tidemark.series.sample.Step;

/** What the networks of an inference said, as a score and a forecast show it. */
final class NetworkOutputs {
    private NetworkOutputs() {}

    /** Which networks scored and which did not, and where a frame differs. */
    static void fill(Inference inference, Score score) {
        models(inference, score);
        frame(inference, score);
    }

    private static void models(Inference inference, Score score) {
        for (int i = 0; i < inference.members(); i++) {
            Inference.Member member = inference.member(i);
            if (member.status == Inference.Status.SCORED) {
                score.model(member.network, member.version, member.engine);
            } else {
                score.skip(member.network, member.version, member.engine, label(member.status));
            }
        }
    }

    /** Where a frame differs, by the first network that scored it. */
    private static void frame(Inference inference, Score score) {
        score.frame = inference.source;
        for (int i = 0; i < inference.members() && score.frame != null; i++) {
            Inference.Member member = inference.member(i);
            if (member.status != Inference.Status.SCORED) continue;
            score.frameError = member.error[0];
            score.regions = member.regions;
            return;
        }
    }

    private static String label(Inference.Status status) {
        return switch (status) {
            case SCORED -> "";
            case NO_MODEL -> "no-model";
            case SHORT_WINDOW -> "short-window";
            case UNUSABLE_WINDOW -> "unusable-window";
            case FAILED -> "failed";
        };
    }

    /** Which network forecasts, and the quantiles of its rows in the series' own units. */
    static void fill(Step step, Inference.Member member, Forecast forecast) {
        forecast.issuedMs = step.timeMs;
        forecast.network = member.network;
        forecast.version = member.version;
        forecast.engine = member.engine;
        forecast.horizon = member.horizon;
        int features = step.features();
        int levels = member.levels.length;
        int size = member.horizon * features * levels;
        forecast.levels = member.levels;
        if (forecast.quantiles.length < size) forecast.quantiles = new double[size];
        for (int at = 0, h = 0; h < member.horizon; h++) {
            for (int f = 0; f < features; f++) {
                double location = step.location()[f];
                double scale = step.scale()[f];
                for (int q = 0; q < levels; q++, at++) {
                    forecast.quantiles[at] = location + scale * member.forecast[at];
                }
            }
        }
    }
}
