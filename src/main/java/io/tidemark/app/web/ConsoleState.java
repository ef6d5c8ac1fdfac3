package io.tidemark.app.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayDeque;
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
 * What the console knows, from topics alone. Bounded: {@value #SERIES_MAX} series of {@link SeriesTrace#STEPS_MAX} steps (about 60 MiB at the most),
 * {@value #INCIDENTS_MAX} incidents, {@value #IMAGES_MAX} pictures of at most {@value #IMAGE_BYTES_MAX} bytes, {@value #LETTERS_MAX} dead letters. Safe for any thread.
 */
final class ConsoleState {
    static final int SERIES_MAX = 2000;
    static final int INCIDENTS_MAX = 500;
    static final int IMAGES_MAX = 64;
    static final int IMAGE_BYTES_MAX = 512 << 10;
    static final int LETTERS_MAX = 50;

    private static final int HEAT_ROWS = 60;
    private static final int HEAT_STEPS = 60;
    private static final int LISTED_MAX = 200;
    private static final int NAMES_MAX = 1000;
    private static final double STRANGE = 0.5;
    /** What pictures there are of a frame, in the order in which they are shown. */
    private static final List<String> KINDS = List.of("map", "reconstruction");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, SeriesTrace> series = new LinkedHashMap<>();
    private final Map<String, JsonNode> incidents = new LinkedHashMap<>();
    private final Map<String, JsonNode> forecasts = new LinkedHashMap<>();
    private final Map<String, Picture> images = new LinkedHashMap<>();
    private final Map<String, Stream> streams = new TreeMap<>();
    private final Deque<ObjectNode> letters = new ArrayDeque<>();
    private long outcomes;
    private long unkept;
    private long skipped;
    private long revision;
    private boolean live;

    /**
     * @param timeMs event time of its frame; 0 where it is not known
     * @param at the revision with which it came
     */
    private record Picture(byte[] png, long timeMs, long at) {}

    /** Counts of one stream since the console began to read. */
    private static final class Stream {
        final Map<String, Long> statuses = new TreeMap<>();
        final Map<String, Long> reasons = new TreeMap<>();
        long outcomes;
        long newestMs;
        long[] secondOf = new long[10];
        long[] inSecond = new long[10];

        void count(String status, String reason, long wallMs) {
            outcomes++;
            statuses.merge(status, 1L, Long::sum);
            if (!reason.isEmpty() && (reasons.size() < LETTERS_MAX || reasons.containsKey(reason))) {
                reasons.merge(reason, 1L, Long::sum);
            }
            long second = wallMs / 1000;
            int place = (int) (second % inSecond.length);
            if (secondOf[place] != second) {
                secondOf[place] = second;
                inSecond[place] = 0;
            }
            inSecond[place]++;
        }

        /** Outcomes a second over the last nine whole seconds. */
        double rate(long wallMs) {
            long now = wallMs / 1000;
            long sum = 0;
            for (int i = 0; i < inSecond.length; i++) {
                if (secondOf[i] < now && secondOf[i] >= now - 9) sum += inSecond[i];
            }
            return sum / 9.0;
        }
    }

    private static String key(String stream, String name) {
        return stream + "/" + name;
    }

    private static long time(JsonNode record, String name) {
        try {
            return Instant.parse(record.path(name).asText()).toEpochMilli();
        } catch (DateTimeException e) {
            return 0;
        }
    }

    synchronized void score(JsonNode record, long wallMs) {
        String name = record.path("stream").asText();
        Stream stream = stream(name);
        if (stream == null) return;
        outcomes++;
        revision++;
        stream.count(record.path("status").asText(), record.path("reason").asText(), wallMs);
        if (!record.has("series") || !record.has("step")) return;
        SeriesTrace trace =
                trace(name, record.path("series").asText(), record.path("score").asDouble());
        if (trace == null) return;
        long eventMs = time(record, "time");
        stream.newestMs = Math.max(stream.newestMs, eventMs);
        trace.seenMs = wallMs;
        trace.take(record, eventMs);
    }

    private @Nullable Stream stream(String name) {
        Stream stream = streams.get(name);
        if (stream != null || streams.size() >= NAMES_MAX) return stream;
        Stream fresh = new Stream();
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
                                    e.getValue().alert.isEmpty() && e.getValue().peak(HEAT_STEPS) < STRANGE)
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
        String id = record.path("id").asText();
        if (open) trace.alert = id;
        else if (trace.alert.equals(id)) trace.alert = "";
        revision++;
    }

    synchronized void incident(JsonNode record) {
        String id = record.path("id").asText();
        JsonNode before = incidents.get(id);
        if (before != null
                && before.path("revision").asInt() >= record.path("revision").asInt()) return;
        incidents.remove(id);
        incidents.put(id, record);
        revision++;
        if (incidents.size() <= INCIDENTS_MAX) return;
        String oldest = incidents.entrySet().stream()
                .filter(e -> e.getValue().has("until"))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(incidents.keySet().iterator().next());
        incidents.remove(oldest);
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

    private static int rank(JsonNode incident) {
        return List.of("critical", "warning", "info")
                .indexOf(incident.path("severity").asText());
    }

    /** What a person who is paged looks at first. */
    synchronized ObjectNode now(long wallMs) {
        ObjectNode json = JSON.createObjectNode();
        json.put("time", wallMs).put("live", live).put("outcomes", outcomes).put("skipped", skipped);
        double rate = streams.values().stream().mapToDouble(s -> s.rate(wallMs)).sum();
        json.put("rate", Math.rint(10 * rate) / 10);
        json.put("series_count", series.size()).put("series_unkept", unkept);
        json.put(
                "alerts_open",
                series.values().stream().filter(s -> !s.alert.isEmpty()).count());
        ArrayNode open = json.putArray("incidents");
        incidents.values().stream()
                .filter(i -> !i.has("until"))
                .sorted(Comparator.comparingInt(ConsoleState::rank)
                        .thenComparing(i -> i.path("since").asText(), Comparator.reverseOrder()))
                .limit(50)
                .forEach(open::add);
        ArrayNode recent = json.putArray("recent");
        over(20).forEach(recent::add);
        ArrayNode heat = json.putArray("heat");
        strangest().limit(HEAT_ROWS).forEach(trace -> {
            ObjectNode row = heat.addObject();
            row.put("stream", trace.stream).put("series", trace.series).put("alert", !trace.alert.isEmpty());
            trace.scores(row.putArray("scores"), HEAT_STEPS);
        });
        return json;
    }

    private List<JsonNode> over(int most) {
        List<JsonNode> over =
                incidents.values().stream().filter(i -> i.has("until")).toList();
        Deque<JsonNode> newest = new ArrayDeque<>();
        for (JsonNode incident : over.subList(Math.max(0, over.size() - most), over.size())) newest.addFirst(incident);
        return List.copyOf(newest);
    }

    private java.util.stream.Stream<SeriesTrace> strangest() {
        Map<SeriesTrace, Double> peaks = new LinkedHashMap<>();
        for (SeriesTrace trace : series.values()) {
            peaks.put(trace, trace.peak(HEAT_STEPS) + (trace.alert.isEmpty() ? 0 : 1));
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
        ArrayNode of = json.putArray("incidents");
        for (JsonNode incident : incidents.values()) {
            for (JsonNode part : incident.path("series")) {
                if (part.path("stream").asText().equals(stream)
                        && part.path("series").asText().equals(name)) {
                    ObjectNode one = of.addObject();
                    for (String field : List.of("id", "state", "severity", "summary"))
                        one.set(field, incident.path(field));
                    one.set("since", part.path("since"));
                    if (part.has("until")) one.set("until", part.path("until"));
                }
            }
        }
        return Optional.of(json);
    }

    synchronized ObjectNode incidents() {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode all = json.putArray("incidents");
        incidents.values().forEach(i -> all.insert(0, i));
        return json;
    }

    /** Its record, and the pictures that there are of its series. */
    synchronized Optional<ObjectNode> incident(String id) {
        JsonNode record = incidents.get(id);
        if (record == null) return Optional.empty();
        ObjectNode json = record.deepCopy();
        ArrayNode pictures = json.putArray("pictures");
        for (JsonNode part : record.path("series")) {
            pictures(part.path("stream").asText(), part.path("series").asText(), pictures);
        }
        return Optional.of(json);
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
            one.put("name", name).put("outcomes", stream.outcomes);
            one.put("rate", Math.rint(10 * stream.rate(wallMs)) / 10);
            if (stream.newestMs > 0) one.put("newest", stream.newestMs);
            stream.statuses.forEach(one.putObject("statuses")::put);
            stream.reasons.forEach(one.putObject("reasons")::put);
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
