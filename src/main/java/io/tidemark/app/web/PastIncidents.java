package io.tidemark.app.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.kafka.client.KafkaConnection;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an incident looked like in its own time. Steps come from what the console keeps, as long as that reaches back far enough; else, and
 * pictures always, from the topics, which are read again for it: by a thread of its own, one incident after another, at most
 * {@value #QUEUE_MAX} wait, and what was read of the last {@value #KEPT_MAX} stays. Safe for any thread.
 */
final class PastIncidents implements AutoCloseable {
    static final int KEPT_MAX = 16;
    static final int QUEUE_MAX = 8;
    private static final long FRESH_MS = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(PastIncidents.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Held NOTHING = new Held();

    private final KafkaConnection connection;
    private final ConsoleState state;
    private final InstantSource clock;
    private final ThreadPoolExecutor reader;
    private final Map<String, Held> held = new LinkedHashMap<>();

    /** What there is of one incident; guarded by the map. */
    private static final class Held {
        @Nullable
        IncidentReading reading;

        String why = "";
        boolean over;
        long readMs = Long.MIN_VALUE;
        boolean queued;
    }

    PastIncidents(KafkaConnection connection, ConsoleState state, InstantSource clock) {
        this.connection = connection;
        this.state = state;
        this.clock = clock;
        reader = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE_MAX), task -> {
            Thread thread = new Thread(task, "console-past");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * The steps and pictures of an incident. While they are still read, {@code complete} is false, and the console's revision rises when they
     * are there.
     *
     * @return empty when there is no such incident
     */
    Optional<ObjectNode> moment(String id) {
        return state.window(id).map(this::moment);
    }

    private ObjectNode moment(IncidentWindow window) {
        ObjectNode json = JSON.createObjectNode();
        json.put("id", window.id()).put("since", window.sinceMs());
        if (window.isOver()) json.put("until", window.untilMs());
        ArrayNode series = json.putArray("series");
        ArrayNode pictures = json.putArray("pictures");
        synchronized (held) {
            Held own = held.getOrDefault(window.id(), NOTHING);
            boolean whole = true;
            for (IncidentWindow.Shown shown : window.charted()) {
                if (state.points(window, shown, series)) continue;
                SeriesTrace trace = own.reading == null ? null : own.reading.trace(shown);
                if (trace != null && trace.size() > 0) trace.points(series.addObject(), window, shown.feature());
                whole &= trace != null && trace.isFull();
            }
            if (own.reading != null) own.reading.pictures(pictures);
            whole = window.isOver() ? own.over : whole && (!pictures.isEmpty() || !state.isPictured(window));
            boolean rested = own.readMs == Long.MIN_VALUE || clock.millis() - own.readMs >= FRESH_MS;
            boolean retried = window.isOver() && own.reading != null && own.why.isEmpty();
            boolean due = !whole && !own.queued && (rested || retried) || own.readMs == Long.MIN_VALUE && !own.queued;
            boolean refused = due && !queue(window);
            json.put("complete", whole);
            String why = refused ? "other incidents are read first; ask again" : own.why;
            if (!why.isEmpty()) json.put("why", why);
        }
        return json;
    }

    /** Under the map's lock; false when too many wait. */
    private boolean queue(IncidentWindow window) {
        Held before = held.remove(window.id());
        Held own = before == null ? new Held() : before;
        held.put(window.id(), own); // the newest last
        if (held.size() > KEPT_MAX) held.remove(held.keySet().iterator().next());
        try {
            reader.execute(() -> read(window, own));
            own.queued = true;
            return true;
        } catch (RejectedExecutionException full) {
            return false;
        }
    }

    private void read(IncidentWindow window, Held own) {
        IncidentReading reading = null;
        String why = "";
        try {
            reading = IncidentReading.of(connection, window);
            why = reading.why();
        } catch (RuntimeException e) {
            LOG.warn("the time of incident {} cannot be read: {}", window.id(), e.toString());
            why = "its time cannot be read: " + e.getMessage();
        }
        synchronized (held) {
            if (reading != null) own.reading = reading;
            own.why = why;
            own.over = reading != null && window.isOver();
            own.readMs = clock.millis();
            own.queued = false;
        }
        state.touch();
    }

    /** A picture of an incident's time. */
    byte @Nullable [] picture(String id, String kind, String stream, String series) {
        synchronized (held) {
            Held own = held.get(id);
            return own == null || own.reading == null ? null : own.reading.picture(kind, stream, series);
        }
    }

    @Override
    public void close() {
        reader.shutdownNow();
    }
}
