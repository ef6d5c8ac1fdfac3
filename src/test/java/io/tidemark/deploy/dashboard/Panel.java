package io.tidemark.deploy.dashboard;

import java.util.List;

/**
 * One question of a dashboard and the queries that answer it.
 *
 * @param title the question
 * @param description how to read the answer
 * @param unit a value format of Grafana
 * @param width columns of the 24 that a dashboard has
 */
record Panel(String title, String description, Look look, String unit, int width, List<Target> targets) {
    private static final int THIRD = 8;

    Panel {
        targets = List.copyOf(targets);
    }

    /** Lines, a third of the dashboard wide. */
    static Panel lines(String title, String description, String unit, Target... targets) {
        return new Panel(title, description, Look.LINES, unit, THIRD, List.of(targets));
    }

    /** Numbers or names of now, a third of the dashboard wide. */
    static Panel now(String title, String description, Look look, Target target) {
        return new Panel(title, description, look, "none", THIRD, List.of(target));
    }

    Panel as(Look other) {
        return new Panel(title, description, other, unit, width, targets);
    }

    Panel wide(int columns) {
        return new Panel(title, description, look, unit, columns, targets);
    }

    /** Whether every line belongs to a stream, whose name is in its legend. */
    boolean isOfStreams() {
        return targets.stream().allMatch(target -> target.legend().contains("{{stream}}"));
    }
}
