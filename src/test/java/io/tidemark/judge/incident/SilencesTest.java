package io.tidemark.judge.incident;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class SilencesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long NOW = Told.START_MS;

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
