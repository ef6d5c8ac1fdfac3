package io.tidemark.role.notify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.tidemark.Poison;
import io.tidemark.config.NotifyFile;
import io.tidemark.judge.incident.AlertDecoder;
import io.tidemark.judge.incident.IncidentAction;
import io.tidemark.judge.incident.IncidentRecords;
import io.tidemark.judge.incident.Silence;
import io.tidemark.series.sample.JsonRecord;
import io.tidemark.series.sample.MalformedRecordException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Incidents, silences and actions are told, taken or refused in one way, whatever their bytes are. */
class ToldFuzzTest {
    private static final int RECORDS = 4_000;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, byte[]> GOOD = IncidentRecords.all();

    static List<String> names() {
        return List.copyOf(GOOD.keySet());
    }

    @ParameterizedTest
    @MethodSource("names")
    void aMutatedRecordIsReadOrRefused(String name) throws Exception {
        byte[] good = Objects.requireNonNull(GOOD.get(name));
        Random random = new Random(name.hashCode());
        List<byte[]> all = new ArrayList<>();
        for (byte[] poison : Poison.kinds(good).values()) if (poison != null) all.add(poison);
        for (int i = 0; i < RECORDS; i++) all.add(i % 2 == 0 ? Poison.mutated(good, random) : retyped(good, random));
        int refused = 0;
        for (byte[] bytes : all) {
            try {
                read(name, bytes);
            } catch (MalformedRecordException | IllegalArgumentException e) {
                refused++;
            } catch (RuntimeException | Error e) {
                throw new AssertionError(new String(bytes, UTF_8), e);
            }
        }
        assertThat(refused).isBetween(RECORDS / 10, all.size());
    }

    private static void read(String name, byte[] bytes) {
        if (name.equals("silence")) {
            Silence.decode(bytes).encode();
        } else if (name.equals("incident-action")) {
            AlertDecoder.action(JsonRecord.object(bytes));
            IncidentAction.decode(bytes).encode();
        } else {
            byte[] key = JsonRecord.object(bytes).path("id").asText().getBytes(UTF_8);
            JsonNode incident = IncidentRecord.read(new ConsumerRecord<>("incidents", 0, 0, key, bytes));
            for (NotifyFile.Type type : NotifyFile.Type.values()) Messages.of(type, incident, "key");
            ArrayNode into = JSON.createArrayNode();
            Messages.alerts(into, incident, 1_700_000_000_000L, 1_700_000_060_000L);
        }
    }

    /** One member of the object, at any depth, becomes a value of another type. */
    private static byte[] retyped(byte[] good, Random random) throws Exception {
        String[] others = {"null", "true", "-1", "1e999", "[]", "{}", "\"\"", "\"\\ud800\"", "[{}]", "9".repeat(400)};
        String text = new String(good, UTF_8);
        List<Integer> colons = new ArrayList<>();
        for (int i = 0; i < text.length(); i++) if (text.charAt(i) == ':' && text.charAt(i - 1) == '"') colons.add(i);
        int from = colons.get(random.nextInt(colons.size())) + 1;
        int to = from;
        int depth = 0;
        boolean quoted = false;
        while (to < text.length()) {
            char c = text.charAt(to);
            if (c == '"') quoted = !quoted;
            if (!quoted && depth == 0 && (c == ',' || c == '}' || c == ']')) break;
            if (!quoted && (c == '{' || c == '[')) depth++;
            if (!quoted && (c == '}' || c == ']')) depth--;
            to++;
        }
        String other = others[random.nextInt(others.length)];
        return (text.substring(0, from) + other + text.substring(to)).getBytes(UTF_8);
    }
}
