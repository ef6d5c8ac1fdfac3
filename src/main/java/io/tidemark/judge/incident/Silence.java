package io.tidemark.judge.incident;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.config.Recurring;
import io.tidemark.judge.feedback.Feedback;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is not to be told for a while, or again and again, as {@code silences} holds it. An incident is silenced while every series that its record
 * shows is.
 *
 * @param id key of the record; in [1, 100] characters
 * @param fromMs wall time at which it begins; epoch milliseconds
 * @param toMs wall time at which it ends, exclusive; at most {@link #LONGEST} after its beginning, {@link #LONGEST_RECURRING} where it recurs
 * @param recurring the stretches between the two in which it holds; empty: all the time
 * @param who said so; may be empty
 * @param note why; may be empty
 */
public record Silence(
        String id, Scope scope, long fromMs, long toMs, Optional<Recurring> recurring, String who, String note) {

    /**
     * What it silences.
     *
     * @param group of streams; empty: any
     * @param stream empty: any
     * @param series key, in which {@code *} stands for any characters; empty: any
     * @param feature empty: any
     */
    public record Scope(String group, String stream, String series, String feature) {}

    public static final int VERSION = 1;
    public static final Duration LONGEST = Duration.ofDays(366);
    public static final Duration LONGEST_RECURRING = Duration.ofDays(3660);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CHARS_MAX = 1000;

    /** One that holds all the time between its two ends. */
    public Silence(String id, Scope scope, long fromMs, long toMs, String who, String note) {
        this(id, scope, fromMs, toMs, Optional.empty(), who, note);
    }

    /** @throws IllegalArgumentException naming what is out of its bounds */
    public Silence {
        if (id.isEmpty() || id.length() > 100) throw new IllegalArgumentException("id must have 1 to 100 characters");
        for (String text : new String[] {scope.group(), scope.stream(), scope.series(), scope.feature(), who, note}) {
            if (text.length() > CHARS_MAX) {
                throw new IllegalArgumentException("each text must have at most " + CHARS_MAX + " characters");
            }
        }
        if (toMs <= fromMs) throw new IllegalArgumentException("a silence must end after it begins");
        Duration longest = recurring.isPresent() ? LONGEST_RECURRING : LONGEST;
        if (toMs - fromMs > longest.toMillis()) {
            throw new IllegalArgumentException("a silence " + (recurring.isPresent() ? "that recurs " : "")
                    + "must be at most " + longest.toDays() + " days long");
        }
    }

    /** Whether it holds at a wall time. */
    public boolean holdsAt(long nowMs) {
        return fromMs <= nowMs
                && nowMs < toMs
                && recurring.map(r -> r.holdsAt(Instant.ofEpochMilli(nowMs))).orElse(true);
    }

    /** Whether a series of an incident is meant; of a record as {@code incident.schema.json} declares it. */
    boolean covers(JsonNode incident, JsonNode part) {
        return is(scope.group(), incident.path("group").asText())
                && is(scope.stream(), part.path("stream").asText())
                && is(scope.feature(), part.path("feature").asText())
                && (scope.series().isEmpty()
                        || glob(scope.series())
                                .matcher(part.path("series").asText())
                                .matches());
    }

    /** Whether every series that the record of an incident shows is meant, at whatever time. */
    public boolean coversAll(JsonNode incident) {
        JsonNode series = incident.path("series");
        for (JsonNode part : series) if (!covers(incident, part)) return false;
        return !series.isEmpty();
    }

    private static boolean is(String wanted, String found) {
        return wanted.isEmpty() || wanted.equals(found);
    }

    private static Pattern glob(String text) {
        return Pattern.compile(Pattern.quote(text).replace("*", "\\E.*\\Q"), Pattern.DOTALL);
    }

    public byte[] encode() {
        ObjectNode json = JSON.createObjectNode();
        json.put("version", VERSION).put("id", id);
        if (!scope.group().isEmpty()) json.put("group", scope.group());
        if (!scope.stream().isEmpty()) json.put("stream", scope.stream());
        if (!scope.series().isEmpty()) json.put("series", scope.series());
        if (!scope.feature().isEmpty()) json.put("feature", scope.feature());
        // a reader that knows no recurring silence finds no time in one, and so takes it for none
        ObjectNode times = recurring.map(r -> stretches(json, r)).orElse(json);
        times.put("from", Feedback.time(fromMs)).put("to", Feedback.time(toMs));
        if (!who.isEmpty()) json.put("who", who);
        if (!note.isEmpty()) json.put("note", note);
        return json.toString().getBytes(UTF_8);
    }

    private static ObjectNode stretches(ObjectNode json, Recurring recurring) {
        return json.putObject("recurring")
                .put("cron", recurring.cron().toString())
                .put("zone", recurring.zone().getId())
                .put("minutes", recurring.lasting().toMinutes());
    }

    private static Recurring recurring(JsonNode json) {
        long minutes = json.path("minutes").asLong();
        if (minutes < 0 || minutes > Recurring.LASTING_MAX.toMinutes()) {
            throw new IllegalArgumentException("minutes must be in [1, " + Recurring.LASTING_MAX.toMinutes() + "]");
        }
        return Recurring.of(json.path("cron").asText(), json.path("zone").asText(), Duration.ofMinutes(minutes));
    }

    /**
     * Reads a record's value.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static Silence decode(byte[] value) {
        try {
            JsonNode json = JSON.readTree(value);
            JsonNode times = json.has("recurring") ? json.get("recurring") : json;
            return new Silence(
                    json.path("id").asText(),
                    new Scope(
                            json.path("group").asText(),
                            json.path("stream").asText(),
                            json.path("series").asText(),
                            json.path("feature").asText()),
                    Instant.parse(times.path("from").asText()).toEpochMilli(),
                    Instant.parse(times.path("to").asText()).toEpochMilli(),
                    json.has("recurring") ? Optional.of(recurring(times)) : Optional.empty(),
                    json.path("who").asText(),
                    json.path("note").asText());
        } catch (IOException | DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException("the record is not a silence: " + e.getMessage(), e);
        }
    }
}
