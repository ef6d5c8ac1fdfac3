package io.tidemark.app.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.config.InvalidConfigException;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.StreamText;
import io.tidemark.judge.outcome.Pumps;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.net.network.Zoo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person is told of a stream file while it is edited. */
class StreamCheckTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final StreamSpec PUMPS = Pumps.spec("[flow]", "");
    private static final Zoo ZOO = Zoo.load(Path.of("topology", "zoo"));
    private static final String WRONG = """
            stream: pumps
            input: {topic: pump-events, features: [flow]}
            step: 10 parsecs
            nonsense: 1
            """;

    @TempDir
    Path folder;

    private Instant now = Instant.EPOCH;
    private final StreamCheck check =
            new StreamCheck(KafkaConnection.to("localhost:1"), List.of(PUMPS), ZOO, (InstantSource) () -> now);

    private static ObjectNode body(String text) {
        return JSON.createObjectNode().put("file", text);
    }

    private JsonNode checked(String text) {
        return check.check(body(text)).orElseThrow();
    }

    @Test
    void aFileThatIsValidSaysWhatItCosts() {
        JsonNode answer = checked(StreamText.describe(PUMPS));
        assertThat(answer.get("valid").asBoolean()).isTrue();
        assertThat(answer.get("problems")).isEmpty();
        assertThat(answer.get("cost").asText()).contains("pump-events").contains("bytes an event");
    }

    @Test
    void itFindsWhatTheCommandFindsOnTheSameLines() throws Exception {
        Path file = Files.writeString(folder.resolve("pumps.yaml"), WRONG);
        List<String> due = new ArrayList<>();
        assertThatThrownBy(() -> StreamFile.read(file))
                .isInstanceOfSatisfying(
                        InvalidConfigException.class,
                        e -> e.problems().forEach(problem -> due.add(problem.line() + " " + problem.message())));
        JsonNode answer = checked(WRONG);
        List<String> found = new ArrayList<>();
        answer.get("problems")
                .forEach(p ->
                        found.add(p.get("line").asInt() + " " + p.get("message").asText()));
        assertThat(answer.get("valid").asBoolean()).isFalse();
        assertThat(found).isEqualTo(due).hasSizeGreaterThanOrEqualTo(2).anyMatch(p -> p.startsWith("4 "));
    }

    @Test
    void aNetworkThatThereIsNotIsAProblemWithoutALine() {
        String text = StreamText.describe(PUMPS).replace("dense-ae", "dense-be");
        JsonNode answer = checked(text);
        assertThat(answer.get("valid").asBoolean()).isFalse();
        assertThat(answer.at("/problems/0/message").asText()).contains("dense-be");
        assertThat(answer.at("/problems/0").has("line")).isFalse();
    }

    @Test
    void whatIsNoYamlSaysWhere() {
        JsonNode answer = checked("stream: pumps\ninput: {topic: [\n");
        assertThat(answer.at("/problems/0/message").asText()).contains("is not YAML");
        assertThat(answer.at("/problems/0/line").asInt()).isPositive();
    }

    @Test
    void onlyAValidFileOfADeclaredTopicIsTried() {
        assertThatThrownBy(() -> check.attempt(body(WRONG))).hasMessageStartingWith("mend the file first: file:");
        String elsewhere = StreamText.describe(PUMPS).replace("pump-events", "payroll");
        assertThatThrownBy(() -> check.attempt(body(elsewhere)))
                .hasMessage("the console reads only topics of declared streams: [pump-events]");
    }

    @Test
    void tooMuchAndTooOftenAreRefused() {
        assertThatThrownBy(() -> check.check(body("x".repeat(StreamCheck.CHARS_MAX + 1))))
                .hasMessageContaining("at most 65536 characters");
        assertThatThrownBy(() -> check.check(JSON.createObjectNode().put("file", 1)))
                .hasMessageContaining("file must be a text");
        for (int i = 0; i < StreamCheck.A_SECOND; i++) {
            assertThat(check.check(body(WRONG)))
                    .as("the " + i + "th of a second")
                    .isPresent();
        }
        assertThat(check.check(body(WRONG))).isEmpty();
        now = now.plusSeconds(1);
        assertThat(check.check(body(WRONG))).as("the next second").isPresent();
    }
}
