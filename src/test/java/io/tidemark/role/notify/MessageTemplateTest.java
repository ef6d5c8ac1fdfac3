package io.tidemark.role.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.config.NotifyFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageTemplateTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TICKET = """
            {"title": "{{severity}}: {{summary}}",
             "hosts": [{{#series}}"{{series}}"{{^-last}}, {{/-last}}{{/series}}],
             "over": {{#until}}true{{/until}}{{^until}}false{{/until}},
             "first": "{{first.series}}", "weight": {{series_count}}}
            """;

    @Test
    void aMessageIsWhatItsTemplateSays() throws Exception {
        ObjectNode incident = Receivers.incident("open");
        incident.put("summary", "he said \"up\"\nand <left>");
        JsonNode message = JSON.readTree(new MessageTemplate(TICKET).of(incident));
        assertThat(message.path("title").asText())
                .isEqualTo(incident.path("severity").asText() + ": he said \"up\"\nand <left>");
        assertThat(message.path("hosts")).hasSameSizeAs(incident.path("series"));
        assertThat(message.path("hosts").get(0).asText())
                .isEqualTo(incident.path("series").get(0).path("series").asText());
        assertThat(message.path("over").asBoolean()).isFalse();
        assertThat(message.path("first").asText())
                .isEqualTo(incident.path("first").path("series").asText());
        assertThat(message.path("weight").asInt())
                .isEqualTo(incident.path("series_count").asInt());
        assertThat(JSON.readTree(new MessageTemplate(TICKET).of(Receivers.incident("resolved")))
                        .path("over")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void itsFieldsAreThoseOfTheRecord() throws Exception {
        Set<String> declared = new TreeSet<>();
        collect(JSON.readTree(Path.of("topology/formats/incident.schema.json").toFile()), declared);
        assertThat(new TreeSet<>(MessageTemplate.FIELDS)).isEqualTo(declared);
    }

    private static void collect(JsonNode schema, Set<String> names) {
        schema.path("properties").fieldNames().forEachRemaining(names::add);
        schema.forEach(part -> collect(part, names));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"a": "{{sumary}}"}                          | names what no incident has: sumary
            {"a": [{{#hosts}}1{{/hosts}}]}               | names what no incident has: hosts
            {"a": "{{summary}"                           | does not come to JSON
            {"a": [{{#series}}1]}                        | is no Mustache template
            {"a": "{{> part}}"}                          | has a part {{> part}}
            {"a": [{{#series}}1,{{/series}}]}            | does not come to JSON for an incident that is open, line 1
            {"a": "{{until}}"{{#until}}, 1{{/until}}}    | does not come to JSON for an incident that is resolved
            {{{summary}}}                                | does not come to JSON
            """)
    void aTemplateThatIsNoneIsToldBeforeItIsNeeded(String template, String why) throws Exception {
        assertThat(NotifyCheck.problem(to("http://127.0.0.1:9/", template), Map.of(), false, InstantSource.system()))
                .startsWith("receiver tickets: its template ")
                .contains(why);
    }

    @Test
    void aReceiverHearsInItsOwnWords() throws Exception {
        try (Desk desk = new Desk()) {
            String problem = NotifyCheck.problem(to(desk.url(), TICKET), Map.of(), true, InstantSource.system());
            assertThat(problem).isEmpty();
            assertThat(desk.bodies())
                    .extracting(body -> body.path("title").asText())
                    .containsOnly("info: a test of notifications; nothing is wrong")
                    .hasSize(2);
        }
    }

    @Test
    void onlyFieldsCanBeReached() {
        assertThatThrownBy(() -> new MessageTemplate("{\"a\": \"{{summary.getClass}}\"}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("summary.getClass");
    }

    private static NotifyFile.Receiver to(String url, String template) {
        NotifyFile.Secret none = NotifyFile.Secret.NONE;
        return new NotifyFile.Receiver(
                "tickets",
                NotifyFile.Type.WEBHOOK,
                new NotifyFile.Receiver.Target(url, none, none, none, none),
                new NotifyFile.Receiver.Filter(NotifyFile.Severity.INFO, List.of(), List.of("open", "resolved")),
                Duration.ofSeconds(5),
                Duration.ofMinutes(1),
                template);
    }
}
