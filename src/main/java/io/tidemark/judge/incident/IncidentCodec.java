package io.tidemark.judge.incident;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.judge.outcome.Alert;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Heads, members and past incidents as the store holds them: JSON that only this class reads. Safe for any thread. */
public final class IncidentCodec {
    /** Of what stays of an incident; a fingerprint made in another way is another version. */
    static final int PAST_VERSION = 1;

    private static final ObjectMapper JSON = new ObjectMapper();

    private IncidentCodec() {}

    public static byte[] encode(IncidentHead head) {
        ObjectNode json = JSON.createObjectNode();
        json.put("id", head.id).put("group", head.group).put("stream", head.stream);
        json.put("state", head.state.name()).put("severity", head.severity.name());
        json.put("since", head.sinceMs).put("newest", head.newestOnsetMs).put("time", head.timeMs);
        json.put("begun", head.begunMs).put("changed", head.changedMs).put("quiet", head.quietSinceMs);
        json.put("revision", head.revision)
                .put("who", head.who)
                .put("note", head.note)
                .put("untold", head.isUntold);
        if (head.toldSeverity != null) json.put("toldSeverity", head.toldSeverity.name());
        if (head.told != null) json.put("told", head.told.name());
        if (head.toldSeries > 0) json.put("toldSeries", head.toldSeries);
        if (!head.label.isEmpty()) label(json, head.label, head.labelled);
        return json.toString().getBytes(UTF_8);
    }

    public static IncidentHead head(byte[] value) {
        JsonNode json = read(value);
        IncidentHead head = new IncidentHead(
                json.path("id").asText(),
                json.path("group").asText(),
                json.path("stream").asText(),
                json.path("since").asLong(),
                json.path("time").asLong(),
                json.path("begun").asLong());
        head.state = IncidentState.valueOf(json.path("state").asText());
        head.severity = Severity.valueOf(json.path("severity").asText());
        head.newestOnsetMs = json.path("newest").asLong();
        head.changedMs = json.path("changed").asLong();
        head.quietSinceMs = json.path("quiet").asLong();
        head.revision = json.path("revision").asInt();
        if (json.has("toldSeverity"))
            head.toldSeverity = Severity.valueOf(json.path("toldSeverity").asText());
        if (json.has("told"))
            head.told = IncidentState.valueOf(json.path("told").asText());
        head.toldSeries = json.path("toldSeries").asInt();
        head.isUntold = json.path("untold").asBoolean();
        head.who = json.path("who").asText();
        head.note = json.path("note").asText();
        head.label = json.path("label").asText();
        head.labelled = remark(json, "labeller", "labelNote");
        return head;
    }

    private static void label(ObjectNode json, String label, PastIncident.Remark labelled) {
        json.put("label", label).put("labeller", labelled.who()).put("labelNote", labelled.note());
    }

    private static PastIncident.Remark remark(JsonNode json, String who, String note) {
        return new PastIncident.Remark(json.path(who).asText(), json.path(note).asText());
    }

    public static byte[] encode(PastIncident past) {
        ObjectNode json = JSON.createObjectNode();
        json.put("version", PAST_VERSION).put("id", past.id());
        json.put("since", past.sinceMs()).put("until", past.untilMs());
        past.series().forEach(json.withArray("series")::add);
        json.put("fingerprint", past.fingerprint().encode());
        json.put("who", past.taken().who()).put("note", past.taken().note());
        if (!past.label().isEmpty()) label(json, past.label(), past.labelled());
        return json.toString().getBytes(UTF_8);
    }

    /** What stays of an incident; empty where another version wrote it, for that is only a memory. */
    public static Optional<PastIncident> past(byte[] value) {
        JsonNode json = read(value);
        if (json.path("version").asInt() != PAST_VERSION) return Optional.empty();
        List<String> series = new ArrayList<>();
        json.path("series").forEach(one -> series.add(one.asText()));
        return Optional.of(new PastIncident(
                json.path("id").asText(),
                json.path("since").asLong(),
                json.path("until").asLong(),
                series,
                Fingerprint.decode(json.path("fingerprint").asText()),
                remark(json, "who", "note"),
                json.path("label").asText(),
                remark(json, "labeller", "labelNote")));
    }

    public static byte[] encode(Member member) {
        Member.Peak peak = member.peak();
        Alert.Feature top = peak.top();
        ObjectNode json = JSON.createObjectNode();
        json.put("stream", member.stream()).put("series", member.series()).put("alert", member.alert());
        json.put("sinceMs", member.sinceMs()).put("untilMs", member.untilMs());
        json.put("returnLevel", peak.returnLevel()).put("excess", peak.excess());
        json.put("stepMs", member.stepMs()).put("kind", peak.kind()).put("summary", peak.summary());
        json.put("feature", top.name()).put("share", top.share()).put("value", top.value());
        json.put("expected", top.expected()).put("lower", top.lower()).put("upper", top.upper());
        json.put("open", member.isOpen());
        for (Alert.Feature feature : peak.others()) {
            ObjectNode other = json.withArray("others").addObject();
            other.put("feature", feature.name()).put("share", feature.share()).put("value", feature.value());
            other.put("expected", feature.expected())
                    .put("lower", feature.lower())
                    .put("upper", feature.upper());
        }
        try {
            return JSON.writeValueAsBytes(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Member member(byte[] value) {
        JsonNode m = read(value);
        List<Alert.Feature> others = new ArrayList<>();
        m.path("others").forEach(other -> others.add(feature(other)));
        Member.Peak peak = new Member.Peak(
                m.path("returnLevel").asDouble(),
                m.path("excess").asDouble(),
                m.path("kind").asText(),
                m.path("summary").asText(),
                feature(m),
                others);
        return new Member(
                m.path("stream").asText(),
                m.path("series").asText(),
                m.path("alert").asText(),
                m.path("sinceMs").asLong(),
                m.path("untilMs").asLong(),
                m.path("stepMs").asLong(),
                peak);
    }

    private static Alert.Feature feature(JsonNode json) {
        return new Alert.Feature(
                json.path("feature").asText(),
                json.path("share").asDouble(),
                number(json, "value"),
                number(json, "expected"),
                number(json, "lower"),
                number(json, "upper"));
    }

    /** Jackson writes what is not finite as text. */
    private static double number(JsonNode member, String name) {
        return Double.parseDouble(member.path(name).asText("NaN"));
    }

    private static JsonNode read(byte[] value) {
        try {
            return JSON.readTree(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
