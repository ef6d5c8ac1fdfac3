package io.tidemark.app.backtest;

import io.tidemark.judge.outcome.Alert;

/** Follows the alert of one series: which one is open after what was said last. One thread. */
final class OpenAlert {
    private String id = "";
    private String summary = "";
    private int opened;

    void take(Alert alert) {
        boolean open = alert.state() == Alert.State.OPEN;
        id = open ? alert.id() : "";
        summary = open ? alert.summary() : "";
        if (open) opened++;
    }

    /** The open alert; empty where none is. */
    String id() {
        return id;
    }

    /** Why it opened, in one sentence; empty where none is open. */
    String summary() {
        return summary;
    }

    /** Alerts that opened so far. */
    int opened() {
        return opened;
    }
}
