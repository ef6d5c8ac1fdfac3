package io.tidemark.role.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import com.samskivert.mustache.Template;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A message that is declared: a Mustache template (mustache.github.io) over the fields of an incident's record, escaped as text within JSON.
 *
 * <p>A field that an incident lacks is empty, and a section over it is left out. Within a list, {@code -first} and {@code -last} say where it stands. Safe for any
 * thread.
 */
final class MessageTemplate {
    /** Every field of a record, as {@code incident.schema.json} declares them. */
    static final Set<String> FIELDS = Set.of(
            ("alert changed confidence contribution excess expected feature first group id incident kind label label_note"
                            + " label_who lead_ms lower note open_count reason return_level revision series series_count severity similar similarity"
                            + " since state stream summary time until upper value version who")
                    .split(" "));

    private static final Set<String> PLACES = Set.of("this", "-first", "-last", "-index");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Mustache.Compiler COMPILER = Mustache.compiler()
            .withEscaper(text -> new String(JsonStringEncoder.getInstance().quoteAsString(text)))
            .defaultValue("")
            .emptyStringIsFalse(true);

    private final Template template;

    /**
     * @param text of the template
     * @throws IllegalArgumentException saying what is wrong with it: it is no template, has a part, or names a field that no record has
     */
    MessageTemplate(String text) {
        try {
            template = COMPILER.compile(text);
            Set<String> unknown = unknown(template);
            if (!unknown.isEmpty()) {
                throw new IllegalArgumentException(
                        "names what no incident has: " + String.join(", ", unknown) + "; see incident.schema.json");
            }
        } catch (MustacheException e) {
            throw new IllegalArgumentException("is no Mustache template: " + e.getMessage(), e);
        }
    }

    private static Set<String> unknown(Template template) {
        Set<String> unknown = new TreeSet<>();
        template.visit(new Mustache.Visitor() {
            @Override
            public void visitText(String text) {}

            @Override
            public void visitVariable(String name) {
                for (String part : name.split("\\."))
                    if (!FIELDS.contains(part) && !PLACES.contains(part)) unknown.add(name);
            }

            @Override
            public boolean visitInclude(String name) {
                throw new IllegalArgumentException("has a part {{> " + name + "}}; a template stands alone");
            }

            @Override
            public boolean visitSection(String name) {
                visitVariable(name);
                return true;
            }

            @Override
            public boolean visitInvertedSection(String name) {
                visitVariable(name);
                return true;
            }
        });
        return unknown;
    }

    /** The message about an incident. */
    String of(JsonNode incident) {
        return template.execute(JSON.convertValue(incident, Map.class));
    }

    /**
     * Tries it on an incident.
     *
     * @throws IllegalArgumentException when what comes of it is no JSON, with the place
     */
    void check(JsonNode incident) {
        String message = of(incident);
        try {
            JSON.readTree(message);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "does not come to JSON for an incident that is "
                            + incident.path("state").asText() + ", line "
                            + e.getLocation().getLineNr() + ": "
                            + e.getOriginalMessage().replaceFirst(" \\(start marker.*", ""),
                    e);
        }
    }
}
