package io.tidemark.app.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/** What the console's HTTP API answers to who looks. Safe for any thread. */
final class ConsoleAnswers {
    private final ConsoleState state;
    private final PastIncidents past;
    private final DeclaredView declared;
    private final ModelsView models;
    private final LagView lag;
    private final LiveStreams live;
    private final boolean mayChange;
    private final InstantSource clock;

    ConsoleAnswers(
            ConsoleState state,
            PastIncidents past,
            DeclaredView declared,
            ModelsView models,
            LagView lag,
            LiveStreams live,
            boolean mayChange,
            InstantSource clock) {
        this.state = state;
        this.past = past;
        this.declared = declared;
        this.models = models;
        this.lag = lag;
        this.live = live;
        this.mayChange = mayChange;
        this.clock = clock;
    }

    void look(String what, Fields query, Response response, Callback callback) throws InterruptedException {
        long nowMs = clock.millis();
        String stream = text(query, "stream");
        String series = text(query, "series");
        switch (what) {
            case "now" -> Answer.json(response, callback, state.now(nowMs).put("may_change", mayChange));
            case "series" -> Answer.json(response, callback, state.series(stream, text(query, "q")));
            case "points" -> Answer.found(response, callback, state.points(stream, series));
            case "incidents" -> Answer.json(response, callback, state.incidents(nowMs));
            case "incident" -> Answer.found(response, callback, state.incident(text(query, "id"), nowMs));
            case "incident-points" -> Answer.found(response, callback, past.moment(text(query, "id")));
            case "streams" -> {
                ObjectNode streams = declared.streams(state.streams(nowMs));
                lag.add(streams);
                Answer.json(response, callback, streams);
            }
            case "models" -> Answer.json(response, callback, models.models(nowMs));
            case "frames" -> Answer.json(response, callback, state.frames());
            case "frame" -> {
                byte[] png = picture(text(query, "incident"), text(query, "kind"), stream, series);
                if (png == null) Answer.problem(response, callback, 404, "there is no such picture");
                else Answer.send(response, callback, 200, "image/png", png);
            }
            case "events" -> {
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
                if (!live.add(response, callback))
                    Answer.problem(response, callback, 503, "too many consoles are open");
            }
            default -> Answer.problem(response, callback, 404, "there is no /api/v1/" + what);
        }
    }

    private static String text(Fields query, String name) {
        String value = query.getValue(name);
        return value == null ? "" : value;
    }

    /** The newest picture of a series, or the first one of an incident's time. */
    private byte @Nullable [] picture(String incident, String kind, String stream, String series) {
        return incident.isEmpty() ? state.image(kind, stream, series) : past.picture(incident, kind, stream, series);
    }

    /** Has the registry read again for the next question. */
    void forgetModels() {
        models.forget();
    }
}
