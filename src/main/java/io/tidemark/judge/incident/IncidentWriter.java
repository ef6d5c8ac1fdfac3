package io.tidemark.judge.incident;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.judge.feedback.Feedback;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Writes incidents as JSON in UTF-8, as {@code topology/formats/incident.schema.json} declares them. Safe for any thread. */
public final class IncidentWriter {
    /** Version of the record's format. */
    public static final int VERSION = 1;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final MathContext UNIT = new MathContext(9, RoundingMode.HALF_EVEN);

    private IncidentWriter() {}

    public static byte[] write(Incident incident) {
        IncidentHead head = incident.head();
        FirstMover first = incident.first();
        ObjectNode json = JSON.createObjectNode();
        json.put("version", VERSION).put("id", head.id).put("revision", head.revision);
        json.put("group", head.group).put("state", head.state.label()).put("severity", head.severity.label());
        ArrayNode changed = json.putArray("changed");
        head.news.forEach(changed::add);
        json.put("time", Feedback.time(head.timeMs)).put("since", Feedback.time(head.sinceMs));
        if (head.state.isOver()) {
            json.put("until", Feedback.time(head.timeMs)).put("reason", head.reason);
        }
        json.put("summary", Sentence.of(incident, first));
        json.put("series_count", incident.seriesCount()).put("open_count", incident.openCount());
        json.put("excess", rounded(incident.excess()));
        ObjectNode mover = json.putObject("first");
        mover.put("stream", first.member().stream())
                .put("series", first.member().series())
                .put("since", Feedback.time(first.member().sinceMs()));
        mover.put("lead_ms", first.leadMs()).put("confidence", rounded(first.confidence()));
        for (Member member : incident.shown()) series(json.withArray("series").addObject(), member);
        if (!head.who.isEmpty()) json.put("who", head.who);
        if (!head.note.isEmpty()) json.put("note", head.note);
        for (IncidentMemory.Similar one : head.similar)
            similar(json.withArray("similar").addObject(), one);
        return json.toString().getBytes(UTF_8);
    }

    private static void series(ObjectNode json, Member member) {
        json.put("stream", member.stream()).put("series", member.series()).put("alert", member.alert());
        json.put("since", Feedback.time(member.sinceMs()));
        if (!member.isOpen()) json.put("until", Feedback.time(member.untilMs()));
        json.put("return_level", rounded(member.peak().returnLevel()))
                .put("kind", member.peak().kind());
        if (member.peak().top().name().isEmpty()) return;
        json.put("feature", member.peak().top().name())
                .put("contribution", rounded(100 * member.peak().top().share()));
        json.put("value", finite(member.peak().top().value(), MathContext.UNLIMITED));
        json.put("expected", finite(member.peak().top().expected(), UNIT));
        json.put("lower", finite(member.peak().top().lower(), UNIT));
        json.put("upper", finite(member.peak().top().upper(), UNIT));
    }

    private static void similar(ObjectNode json, IncidentMemory.Similar one) {
        PastIncident past = one.past();
        json.put("incident", past.id()).put("since", Feedback.time(past.sinceMs()));
        json.put("similarity", rounded(one.similarity()));
        said(json, "who", past.taken().who());
        said(json, "note", past.taken().note());
        said(json, "label", past.label());
        said(json, "label_who", past.labelled().who());
        said(json, "label_note", past.labelled().note());
    }

    private static void said(ObjectNode json, String name, String text) {
        if (!text.isEmpty()) json.put(name, text);
    }

    private static double rounded(double value) {
        return Math.rint(1000 * value) / 1000;
    }

    /** As a plain number; null where it is not finite. */
    private static @org.jspecify.annotations.Nullable Double finite(double value, MathContext digits) {
        if (!Double.isFinite(value)) return null;
        return new BigDecimal(value).round(digits).doubleValue();
    }
}
