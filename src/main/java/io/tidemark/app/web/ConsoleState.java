package io.tidemark.app.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the console knows, from topics alone. Bounded: {@value #SERIES_MAX} series of {@link SeriesTrace#STEPS_MAX} steps (about 68 MiB at the most),
 * {@value KnownIncidents#MAX} incidents, {@value #IMAGES_MAX} pictures of at most {@value #IMAGE_BYTES_MAX} bytes, {@value #LETTERS_MAX} dead letters. Safe for any thread.
 */
final class ConsoleState {
    static final int SERIES_MAX = 2000;
    static final int IMAGES_MAX = 64;
    static final int IMAGE_BYTES_MAX = 512 << 10;
    static final int LETTERS_MAX = 50;

    private static final int HEAT_ROWS = 60;
    private static final int HEAT_STEPS = 60;
    private static final int LISTED_MAX = 200;
    private static final int ALERTS_LISTED = 100;
    private static final int NAMES_MAX = 1000;
    private static final double STRANGE = 0.5;
    /** The most severe first. */
    static final List<String> SEVERITIES = List.of("critical", "warning", "info");
    /** What pictures there are of a frame, in the order in which they are shown. */
    static final List<String> KINDS = List.of("map", "reconstruction");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, SeriesTrace> series = new LinkedHashMap<>();
    private final KnownIncidents incidents = new KnownIncidents();
    private final Map<String, JsonNode> forecasts = new LinkedHashMap<>();
    private final Map<String, Picture> images = new LinkedHashMap<>();
    private final Map<String, StreamTally> streams = new TreeMap<>();
    private final Deque<ObjectNode> letters = new ArrayDeque<>();
    private long outcomes;
    private long unkept;
    private long skipped;
    private long revision;
    private boolean live;
    private final AlertSeverity severity;

    ConsoleState(AlertSeverity severity) {
        this.severity = severity;
    }

    /**
     * @param timeMs event time of its frame; 0 where it is not known
     * @param at the revision with which it came
     */
    private record Picture(byte[] png, long timeMs, long at) {}

    static String key(String stream, String name) {
        return stream + "/" + name;
    }

    static long time(JsonNode record, String name) {
        try {
            return Instant.parse(record.path(name).asText()).toEpochMilli();
        } catch (DateTimeException e) {
            return 0;
        }
    }

    synchronized void score(JsonNode record, long wallMs) {
        String name = record.path("stream").asText();
        StreamTally stream = stream(name);
        if (stream == null) return;
        outcomes++;
        revision++;
        stream.count(record.path("status").asText(), record.path("reason").asText(), wallMs);
        if (!record.has("series") || !record.has("step")) return;
        SeriesTrace trace =
                trace(name, record.path("series").asText(), record.path("score").asDouble());
        if (trace == null) return;
        long eventMs = time(record, "time");
        stream.step(eventMs);
        trace.seenMs = wallMs;
        trace.take(record, eventMs);
    }

    private @Nullable StreamTally stream(String name) {
        StreamTally stream = streams.get(name);
        if (stream != null || streams.size() >= NAMES_MAX) return stream;
        StreamTally fresh = new StreamTally();
        streams.put(name, fresh);
        return fresh;
    }

    /** The trace of a series; a strange one takes the place of the calm one that was seen longest ago, where there are too many. */
    private @Nullable SeriesTrace trace(String stream, String name, double score) {
        String key = key(stream, name);
        SeriesTrace trace = series.get(key);
        if (trace != null) return trace;
        if (series.size() >= SERIES_MAX) {
            Optional<Map.Entry<String, SeriesTrace>> calm = score < STRANGE
                    ? Optional.empty()
                    : series.entrySet().stream()
                            .filter(e ->
                                    e.getValue().alert == null && e.getValue().peak(HEAT_STEPS) < STRANGE)
                            .min(Comparator.comparingLong(e -> e.getValue().seenMs));
            if (calm.isEmpty()) {
                unkept++;
                return null;
            }
            series.remove(calm.get().getKey());
            forecasts.remove(calm.get().getKey());
        }
        SeriesTrace fresh = new SeriesTrace(stream, name);
        series.put(key, fresh);
        return fresh;
    }

    synchronized void alert(JsonNode record) {
        SeriesTrace trace =
                trace(record.path("stream").asText(), record.path("series").asText(), 1);
        if (trace == null) return;
        boolean open = record.path("state").asText().equals("open");
        if (open) trace.alert = opened(record);
        else if (trace.alertId().equals(record.path("id").asText())) trace.alert = null;
        revision++;
    }

    /** What is kept of an open alert. */
    private ObjectNode opened(JsonNode record) {
        ObjectNode alert = JSON.createObjectNode().put("severity", severity.of(record));
        for (String field : List.of("id", "stream", "series", "since", "kind", "return_level", "summary")) {
            if (record.has(field)) alert.set(field, record.get(field));
        }
        return alert;
    }

    /** @param timestampMs of the record */
    synchronized void incident(JsonNode record, long timestampMs) {
        if (incidents.take(record, timestampMs)) revision++;
    }

    /** As {@link KnownIncidents#silence}. */
    synchronized void silence(String id, byte @Nullable [] value) {
        incidents.silence(id, value);
        revision++;
    }

    synchronized void forecast(JsonNode record) {
        String stream = record.path("stream").asText();
        String name = record.path("series").asText();
        // topics are read in any order: a forecast may come before the first score of its series
        if (trace(stream, name, 0) != null) forecasts.put(key(stream, name), record);
    }

    /**
     * @param kind {@code map} or {@code reconstruction}
     * @param timeMs event time of its frame; 0 where it is not known
     */
    synchronized void image(String kind, String key, byte[] png, long timeMs) {
        if (png.length > IMAGE_BYTES_MAX) return;
        images.remove(kind + ":" + key); // the newest last
        images.put(kind + ":" + key, new Picture(png, timeMs, ++revision));
        if (images.size() > IMAGES_MAX) images.remove(images.keySet().iterator().next());
    }

    synchronized void letter(ObjectNode letter) {
        letters.addFirst(letter);
        if (letters.size() > LETTERS_MAX) letters.removeLast();
    }

    /** Scores that were passed over because the console could not keep up. */
    synchronized void skip(long records) {
        skipped += records;
    }

    /** Everything that there was at the start has been read. */
    synchronized void live() {
        live = true;
    }

    /** Rises with everything that changes. */
    synchronized long revision() {
        return revision;
    }

    /** What a person who is paged looks at first. */
    synchronized ObjectNode now(long wallMs) {
        ObjectNode json = JSON.createObjectNode();
        json.put("time", wallMs).put("live", live).put("outcomes", outcomes).put("skipped", skipped);
        double rate = streams.values().stream().mapToDouble(s -> s.rate(wallMs)).sum();
        json.put("rate", StreamTally.rounded(rate));
        json.put("series_count", series.size()).put("series_unkept", unkept);
        json.put(
                "alerts_open",
                series.values().stream().filter(s -> s.alert != null).count());
        alerts(json);
        ArrayNode open = json.putArray("incidents");
        incidents.open(50, wallMs).forEach(open::add);
        ArrayNode recent = json.putArray("recent");
        incidents.over(20).forEach(recent::add);
        heat(json);
        return json;
    }

    /** Adds how many alerts of each severity are open, and the most severe of them, of equal ones the newest. */
    private void alerts(ObjectNode json) {
        Map<String, String> members = incidents.alerts();
        Map<String, Integer> counts = new TreeMap<>();
        List<ObjectNode> all = new ArrayList<>();
        for (SeriesTrace trace : series.values()) {
            ObjectNode alert = trace.alert;
            if (alert == null) continue;
            counts.merge(alert.path("severity").asText(), 1, Integer::sum);
            ObjectNode one = alert.deepCopy();
            String incident = members.get(trace.alertId());
            if (incident != null) one.put("incident", incident);
            all.add(one);
        }
        ObjectNode counted = json.putObject("alerts_by_severity");
        for (String of : SEVERITIES) counted.put(of, counts.getOrDefault(of, 0));
        ArrayNode alerts = json.putArray("alerts");
        all.stream()
                .sorted(Comparator.comparingInt((ObjectNode a) ->
                                SEVERITIES.indexOf(a.path("severity").asText()))
                        .thenComparing(a -> a.path("since").asText(), Comparator.reverseOrder()))
                .limit(ALERTS_LISTED)
                .forEach(alerts::add);
    }

    /** Adds the strangest series, with their scores over one axis of time for all of them. */
    private void heat(ObjectNode json) {
        List<SeriesTrace> rows = strangest().limit(HEAT_ROWS).toList();
        long[] steps = rows.stream()
                .mapToLong(SeriesTrace::stepMs)
                .filter(step -> step > 0)
                .sorted()
                .toArray();
        long binMs = steps.length == 0 ? 1000 : steps[steps.length / 2];
        long toMs = rows.stream().mapToLong(SeriesTrace::newestMs).max().orElse(0) + 1;
        long fromMs = toMs - HEAT_STEPS * binMs;
        json.put("heat_from", fromMs).put("heat_to", toMs);
        ArrayNode heat = json.putArray("heat");
        for (SeriesTrace trace : rows) {
            ObjectNode row = heat.addObject();
            row.put("stream", trace.stream).put("series", trace.series).put("alert", trace.alert != null);
            row.put("newest", trace.newestMs());
            trace.scores(row.putArray("scores"), HEAT_STEPS);
            trace.bins(row.putArray("bins"), fromMs, binMs, HEAT_STEPS);
        }
    }

    private java.util.stream.Stream<SeriesTrace> strangest() {
        Map<SeriesTrace, Double> peaks = new LinkedHashMap<>();
        for (SeriesTrace trace : series.values()) {
            peaks.put(trace, trace.peak(HEAT_STEPS) + (trace.alert == null ? 0 : 1));
        }
        return peaks.entrySet().stream()
                .sorted(Map.Entry.<SeriesTrace, Double>comparingByValue().reversed())
                .map(Map.Entry::getKey);
    }

    /** @param query part of a name, in any case; empty: all */
    synchronized ObjectNode series(String stream, String query) {
        String wanted = query.toLowerCase(Locale.ROOT);
        ObjectNode json = JSON.createObjectNode();
        ArrayNode all = json.putArray("series");
        List<SeriesTrace> found = strangest()
                .filter(t -> stream.isEmpty() || t.stream.equals(stream))
                .filter(t -> key(t.stream, t.series).toLowerCase(Locale.ROOT).contains(wanted))
                .toList();
        json.put("count", found.size());
        found.stream().limit(LISTED_MAX).forEach(t -> t.summary(all.addObject()));
        return json;
    }

    synchronized Optional<ObjectNode> points(String stream, String name) {
        SeriesTrace trace = series.get(key(stream, name));
        if (trace == null) return Optional.empty();
        ObjectNode json = JSON.createObjectNode();
        trace.points(json);
        JsonNode forecast = forecasts.get(key(stream, name));
        if (forecast != null) json.set("forecast", forecast);
        pictures(stream, name, json.putArray("pictures"));
        incidents.of(stream, name, json.putArray("incidents"));
        return Optional.of(json);
    }

    synchronized ObjectNode incidents(long wallMs) {
        ObjectNode json = JSON.createObjectNode();
        incidents.all(json.putArray("incidents"), wallMs);
        return json;
    }

    /** Its record, and the pictures that there are of its series. */
    synchronized Optional<ObjectNode> incident(String id, long wallMs) {
        Optional<KnownIncidents.Known> known = incidents.get(id);
        if (known.isEmpty()) return Optional.empty();
        JsonNode record = known.get().record();
        ObjectNode json = incidents.shown(record, wallMs).deepCopy();
        ArrayNode pictures = json.putArray("pictures");
        for (JsonNode part : record.path("series")) {
            pictures(part.path("stream").asText(), part.path("series").asText(), pictures);
        }
        return Optional.of(json);
    }

    /** Whether there is such an incident, and it is not over. */
    synchronized boolean isOpen(String id) {
        return incidents.get(id).filter(i -> !i.record().has("until")).isPresent();
    }

    /** What the charts of an incident show. */
    synchronized Optional<IncidentWindow> window(String id) {
        return incidents.get(id).map(known -> {
            long stepMs = 0;
            for (JsonNode part : known.record().path("series")) {
                SeriesTrace trace = series.get(
                        key(part.path("stream").asText(), part.path("series").asText()));
                if (trace != null) stepMs = Math.max(stepMs, trace.stepMs());
            }
            return IncidentWindow.of(known, stepMs);
        });
    }

    /** Adds the steps of a series of an incident; false where its first ones are kept no more, or its feature is not. */
    synchronized boolean points(IncidentWindow window, IncidentWindow.Shown shown, ArrayNode into) {
        SeriesTrace trace = series.get(key(shown.stream(), shown.series()));
        if (trace == null || !trace.covers(window.sinceMs(), shown.feature())) return false;
        trace.points(into.addObject(), window, shown.feature());
        return true;
    }

    /** Whether there are pictures of what an incident shows. */
    synchronized boolean isPictured(IncidentWindow window) {
        return window.shown().stream()
                .map(shown -> key(shown.stream(), shown.series()))
                .anyMatch(key -> KINDS.stream().anyMatch(kind -> images.containsKey(kind + ":" + key)));
    }

    /** Something that is not kept here has come. */
    synchronized void touch() {
        revision++;
    }

    /** Adds those of one series. */
    private void pictures(String stream, String name, ArrayNode into) {
        for (String kind : KINDS) {
            Picture picture = images.get(kind + ":" + key(stream, name));
            if (picture == null) continue;
            ObjectNode one = into.addObject().put("kind", kind).put("stream", stream);
            one.put("series", name).put("at", picture.at);
            if (picture.timeMs != 0) one.put("time", picture.timeMs);
        }
    }

    /** What came in of each stream, by status and reason, and the newest dead letters. */
    synchronized ObjectNode streams(long wallMs) {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode all = json.putArray("streams");
        streams.forEach((name, stream) -> {
            ObjectNode one = all.addObject();
            one.put("name", name);
            stream.json(one, wallMs);
            one.put(
                    "series",
                    series.values().stream().filter(s -> s.stream.equals(name)).count());
        });
        letters.forEach(json.putArray("dead_letters")::add);
        return json;
    }

    /** The pictures that there are, by series. */
    synchronized ObjectNode frames() {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode all = json.putArray("frames");
        TreeSet<String> keys = new TreeSet<>();
        for (String of : images.keySet()) keys.add(of.substring(of.indexOf(':') + 1));
        for (String key : keys) {
            int slash = Math.max(0, key.indexOf('/'));
            pictures(key.substring(0, slash), key.substring(slash + 1), all);
        }
        return json;
    }

    synchronized byte @Nullable [] image(String kind, String stream, String name) {
        Picture picture = images.get(kind + ":" + key(stream, name));
        return picture == null ? null : picture.png;
    }
}
