package io.tidemark.model.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The registry's records group what belongs together; in JSON all of it lies flat, in one order. */
class FlatRecordsTest {
    private static final String MODEL = "\"stream\":\"pump\",\"network\":\"ae\"";
    private static final String REQUEST = "\"who\":\"ann\",\"why\":\"better\",\"whenMs\":5";

    @Test
    void aCommandIsReadAndWrittenAsTheSameBytes() {
        same(
                RegistryCommand.class,
                "{\"id\":\"c\",\"action\":\"PROMOTE\"," + MODEL + ",\"version\":4,\"over\":3,\"force\":true," + REQUEST
                        + ",\"figures\":{\"loss\":0.5}}");
    }

    @Test
    void anAuditEntryIsReadAndWrittenAsTheSameBytes() {
        same(
                AuditEntry.class,
                "{\"sequence\":3,\"place\":2,\"id\":\"c\"," + MODEL
                        + ",\"action\":\"promote\",\"version\":4,\"before\":3,\"after\":4," + REQUEST
                        + ",\"refused\":\"\",\"figures\":{\"loss\":0.5}}");
    }

    @Test
    void aHealthReportIsReadAndWrittenAsTheSameBytes() {
        same(
                HealthReport.class,
                "{" + MODEL + ",\"version\":4,\"challenger\":true,\"worker\":\"w\",\"fromMs\":1,\"toMs\":2"
                        + ",\"samples\":3,\"failed\":1,\"errorMedian\":0.5,\"errorUpper\":\"NaN\",\"nanosPerSample\":7.0"
                        + ",\"compared\":2,\"errorRatio\":1.5,\"agreement\":\"NaN\"}");
    }

    private static void same(Class<?> type, String json) {
        Object read = RegistryJson.read(json.getBytes(UTF_8), type);
        assertThat(new String(RegistryJson.write(read), UTF_8)).isEqualTo(json);
    }
}
