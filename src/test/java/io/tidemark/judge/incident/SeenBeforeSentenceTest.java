package io.tidemark.judge.incident;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class SeenBeforeSentenceTest {
    private static JsonNode record(String similar) throws IOException {
        return new ObjectMapper().readTree("{\"similar\": [" + similar + "]}");
    }

    @Test
    void itTellsWhatPeopleSaid() throws IOException {
        JsonNode golden = new ObjectMapper().readTree(IncidentRecords.all().get("incident.similar"));
        assertThat(SeenBefore.sentence(golden))
                .contains("like hosts@hosts/host-17@2026-01-01T00:00:00.123Z (0.933), labelled anomaly by bob:"
                        + " the log was never cut, taken by ann: the disk is full");
    }

    @Test
    void oneThatPeopleSpokeOfIsToldBeforeOneThatIsMoreAlike() throws IOException {
        String unknown = "{\"incident\": \"g@a\", \"similarity\": 0.95}";
        String known = "{\"incident\": \"g@b\", \"similarity\": 0.8, \"label\": \"normal\"}";
        assertThat(SeenBefore.sentence(record(unknown + ", " + known))).contains("like g@b (0.8), labelled normal");
        assertThat(SeenBefore.sentence(record(unknown))).contains("like g@a (0.95)");
    }

    @Test
    void whatPeopleSaidOtherwiseOfAnotherIsToldToo() throws IOException {
        String normal = "{\"incident\": \"g@b\", \"similarity\": 0.8, \"label\": \"normal\"}";
        String anomaly = "{\"incident\": \"g@c\", \"similarity\": 0.7, \"label\": \"anomaly\"}";
        assertThat(SeenBefore.sentence(record(normal + ", " + anomaly)))
                .contains("like g@b (0.8), labelled normal; but g@c (0.7) was labelled anomaly");
    }

    @Test
    void whereNoneIsLikeItNothingIsTold() throws IOException {
        assertThat(SeenBefore.sentence(record(""))).isEmpty();
        assertThat(SeenBefore.sentence(new ObjectMapper().readTree("{}"))).isEmpty();
    }
}
