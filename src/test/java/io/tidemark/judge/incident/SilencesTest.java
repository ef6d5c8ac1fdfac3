package io.tidemark.judge.incident;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.config.Recurring;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SilencesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long NOW = Told.START_MS;
    private static final long DAY_MS = 86_400_000;

    private final Silences silences = new Silences();

    private static JsonNode incident() throws IOException {
        return JSON.readTree("""
                {"group": "plant-1", "series": [
                  {"stream": "pumps", "series": "hall-3/pump-7", "feature": "flow"},
                  {"stream": "pumps", "series": "hall-3/pump-8", "feature": "pressure"}]}""");
    }

    private void add(String id, String group, String stream, String series, String feature) {
        Silence silence =
                new Silence(id, new Silence.Scope(group, stream, series, feature), NOW, NOW + 1000, "ann", "service");
        silences.take(id, silence.encode());
    }

    private boolean silenced(long nowMs) throws IOException {
        return silences.silence(incident(), nowMs);
    }

    @Test
    void everySeriesOfTheIncidentMustBeMeant() throws IOException {
        add("a", "", "pumps", "hall-3/pump-7", "");
        assertThat(silenced(NOW)).isFalse();
        add("b", "", "", "*pump-8", "");
        assertThat(silenced(NOW)).isTrue();
        silences.take("a", null);
        assertThat(silenced(NOW)).isFalse();
    }

    @Test
    void groupStreamFeatureAndPatternAllHaveToFit() throws IOException {
        add("a", "plant-1", "pumps", "hall-3/*", "");
        assertThat(silenced(NOW)).isTrue();
        add("a", "plant-2", "pumps", "hall-3/*", "");
        assertThat(silenced(NOW)).isFalse();
        add("a", "", "", "hall.3/*", "");
        assertThat(silenced(NOW)).isFalse();
        add("a", "", "", "", "flow");
        assertThat(silenced(NOW)).isFalse();
    }

    @Test
    void itHoldsFromItsBeginningUntilBeforeItsEnd() throws IOException {
        add("a", "", "pumps", "", "");
        assertThat(silenced(NOW - 1)).isFalse();
        assertThat(silenced(NOW + 999)).isTrue();
        assertThat(silenced(NOW + 1000)).isFalse();
    }

    @Test
    void oneThatRecursHoldsInItsStretchesUntilItsEnd() throws IOException {
        Silence recurring = new Silence(
                "r",
                new Silence.Scope("", "pumps", "", ""),
                NOW,
                NOW + 20 * DAY_MS,
                Optional.of(Recurring.of("0 2 * * *", "Europe/Berlin", Duration.ofHours(2))),
                "ann",
                "backup");
        assertThat(Silence.decode(recurring.encode())).isEqualTo(recurring);
        silences.take("r", recurring.encode());
        long oneInTheMorningMs = NOW + 3_600_000;
        assertThat(silenced(oneInTheMorningMs - 1)).isFalse();
        assertThat(silenced(oneInTheMorningMs)).isTrue();
        assertThat(silenced(oneInTheMorningMs + 2 * 3_600_000)).isFalse();
        assertThat(silenced(oneInTheMorningMs + 19 * DAY_MS)).isTrue();
        assertThat(silenced(oneInTheMorningMs + 20 * DAY_MS)).isFalse();
    }

    @Test
    void aReaderThatKnowsNoRecurringSilenceTakesOneForNone() throws IOException {
        JsonNode record = JSON.readTree(IncidentRecords.all().get("silence.recurring"));
        assertThat(record.has("from") || record.has("to")).isFalse();
        String wrong = record.toString().replace("0 2 * * SUN", "0 2");
        assertThatThrownBy(() -> silences.take("7b3e09d1", wrong.getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cron must be five fields");
        String week = record.toString().replace("\"minutes\":120", "\"minutes\":10081");
        assertThatThrownBy(() -> silences.take("7b3e09d1", week.getBytes(UTF_8)))
                .hasMessageContaining("[1, 10080]");
        String tooLong = record.toString().replace("\"to\":\"2035", "\"to\":\"2095");
        assertThatThrownBy(() -> silences.take("7b3e09d1", tooLong.getBytes(UTF_8)))
                .hasMessageContaining("3660 days");
    }

    @Test
    void whatIsNoSilenceIsPassedOver() throws IOException {
        for (String value : new String[] {"{", "{}", "[1]", "{\"id\":\"a\",\"from\":\"x\",\"to\":\"y\"}"}) {
            assertThatThrownBy(() -> silences.take("a", value.getBytes(UTF_8)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(silences.all()).isEmpty();
        add("a", "", "pumps", "", "");
        byte[] another = new Silence("b", new Silence.Scope("", "", "", ""), NOW, NOW + 1, "", "").encode();
        assertThatThrownBy(() -> silences.take("a", another)).hasMessageContaining("its key is not the id");
        assertThatThrownBy(() -> silences.take("a", new byte[0])).isInstanceOf(IllegalArgumentException.class);
        assertThat(silences.all()).as("what is no silence ends none").hasSize(1);
        String far = "{\"id\":\"a\",\"from\":\"2026-01-01T00:00:00Z\",\"to\":\"+1000000000-01-01T00:00:00Z\"}";
        assertThatThrownBy(() -> silences.take("a", far.getBytes(UTF_8))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Silence("a", new Silence.Scope("", "", "", ""), 5, 5, "", ""))
                .hasMessageContaining("end after it begins");
        assertThatThrownBy(() -> new Silence("a", new Silence.Scope("", "", "", ""), 0, Long.MAX_VALUE / 2, "", ""))
                .hasMessageContaining("366 days");
    }
}
