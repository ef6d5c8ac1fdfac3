package io.tidemark.deploy.dashboard;

import static io.tidemark.deploy.dashboard.MeterQuery.level;
import static io.tidemark.deploy.dashboard.MeterQuery.perHour;
import static io.tidemark.deploy.dashboard.MeterQuery.rate;

import io.tidemark.metrics.MeterName;

/** Panels about models: which ones judge, how they learn, and which others would be better. */
final class ModelPanels {
    private static final String MODEL = "{{stream}}/{{network}}";

    private ModelPanels() {}

    static Panel versions() {
        return Panel.lines(
                "Which version scores?",
                "Version of each model in use by the worker. Processes that disagree for long are not reading the models topic.",
                "none",
                new Target(
                        level("max", MeterName.MODEL_VERSION, "stream", "network", "instance"),
                        MODEL + " {{instance}}"));
    }

    static Panel age() {
        return Panel.lines(
                "How old are the models?",
                "Time since the version in use was published.",
                "s",
                new Target("time() - " + level("max", MeterName.MODEL_PUBLISHED, "stream", "network"), MODEL));
    }

    static Panel suspended() {
        return Panel.lines(
                "Which models are out of use?",
                "Models that failed and were suspended, by stream. A new version brings them back.",
                "none",
                new Target(level("sum", MeterName.SUSPENDED, "stream"), "{{stream}}"));
    }

    static Panel answers() {
        return Panel.lines(
                "What do the networks say?",
                "Samples that each network was asked about a second, by result. A failing network leaves its samples to the other"
                        + " members.",
                "cps",
                new Target(rate(MeterName.SCORED, "network", "result"), "{{network}} {{result}}"));
    }

    static Panel loss() {
        return Panel.lines(
                "Does the loss go down?",
                "Running mean of the training loss of each network. A jump is a change in the data, or a rollback to come.",
                "short",
                new Target(level("max", MeterName.LOSS, "stream", "network"), MODEL));
    }

    static Panel rows() {
        return Panel.lines(
                "Which rows teach?",
                "Rows that the learner is given a second, by use. Many withheld rows are a stream full of anomalies; all withheld for"
                        + " hours is a model that cannot follow.",
                "cps",
                new Target(rate(MeterName.ROWS, "stream", "use"), "{{stream}} {{use}}"));
    }

    static Panel published() {
        return Panel.lines(
                "How many versions come out?",
                "Versions published an hour, by stream and network.",
                "none",
                new Target(perHour(MeterName.PUBLISHED, "stream", "network"), MODEL));
    }

    static Panel keptBack() {
        return Panel.lines(
                "Which versions are kept back?",
                "Versions an hour that were no better than the last one on rows held out, and so are not published. All of them, for"
                        + " long, means that there is nothing left to learn.",
                "none",
                new Target(perHour(MeterName.KEPT_BACK, "stream", "network"), MODEL));
    }

    static Panel undone() {
        return Panel.lines(
                "Which trainings are undone?",
                "Trainings rolled back an hour, by reason: a loss that is not finite, or a held-out error that more than doubled.",
                "none",
                new Target(perHour(MeterName.ROLLED_BACK, "stream", "reason"), "{{stream}} {{reason}}"));
    }

    static Panel decisions() {
        return Panel.lines(
                "What does the registry decide?",
                "Publications and commands that the registrar has decided, per hour, by what was asked for and whether it was done."
                        + " Promotions that the guard has undone stand beside them. A refusal and its reason: tidemark models audit.",
                "none",
                new Target(
                        perHour(MeterName.REGISTRY_DECISIONS, "stream", "action", "result"),
                        "{{stream}} {{action}} {{result}}"),
                new Target(
                        perHour(MeterName.GUARD_ROLLBACKS, "stream", "network"), MODEL + " rolled back by the guard"));
    }

    static Panel challenger() {
        return Panel.lines(
                "Does a challenger expect better?",
                "Median error of the newest challenger over that of the champion, on the same samples. Below 1 it expects better; nobody"
                        + " acts on it.",
                "none",
                new Target(level("avg", MeterName.SHADOW_RATIO, "stream", "network"), MODEL));
    }

    static Panel agreement() {
        return Panel.lines(
                        "Does it find the same things strange?",
                        "Rank correlation of the errors of the newest challenger and of the champion on the same samples: 1 when they"
                                + " agree.",
                        "none",
                        new Target(level("avg", MeterName.SHADOW_AGREEMENT, "stream", "network"), MODEL))
                .as(Look.SIGNED_LINES);
    }

    static Panel compared() {
        return Panel.lines(
                "How much is compared?",
                "Samples a second that a challenger and the champion both scored.",
                "cps",
                new Target(rate(MeterName.SHADOW_SAMPLES, "stream", "network"), MODEL));
    }

    static Panel retraining() {
        return Panel.lines(
                "How far are the retrain jobs?",
                "Share of each job in hand that is done. Nothing: no job is being worked on.",
                "percentunit",
                new Target(level("max", MeterName.RETRAIN_PROGRESS, "stream", "network"), MODEL));
    }

    static Panel retrained() {
        return Panel.lines(
                "How did retrain jobs end?",
                "Jobs an hour by how they ended. Failed jobs say why in their report; skipped ones had too little history.",
                "none",
                new Target(perHour(MeterName.RETRAIN_JOBS, "stream", "status"), "{{stream}} {{status}}"));
    }

    static Panel learningTime() {
        return Panel.lines(
                "How much of a processor does learning take?",
                "Processor seconds a second, by stream; learning.share in the stream file limits it.",
                "none",
                new Target(rate(MeterName.LEARNING_TIME, "stream"), "{{stream}}"));
    }

    static Panel learningPaused() {
        return Panel.lines(
                "Whose learning waits for its share?",
                "1 while a stream's learning has used up its declared share and rows wait on the topic.",
                "none",
                new Target(level("max", MeterName.LEARNING_PAUSED, "stream"), "{{stream}}"));
    }
}
