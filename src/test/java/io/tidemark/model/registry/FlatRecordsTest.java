package io.tidemark.model.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
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

    @Test
    void anOfferNamesTheFieldsOfItsManifestAsTheManifestDoes() {
        ModelVersion draft = TestModels.draft(4).of(new byte[] {1, 2, 3});
        ModelVersion manifest = ModelVersion.fromJson(draft.by("job-1", "").toJson());
        Offer offer = new Offer(manifest, ModelState.CHAMPION, "learner", "it learnt", 5, Map.of());
        String told = new String(RegistryJson.write(offer), UTF_8);
        for (String field : new String(manifest.toJson(), UTF_8).split(",")) {
            if (field.contains("eference")) assertThat(told).contains(field);
        }
        String stored = "{\"manifest\":" + new String(manifest.toJson(), UTF_8)
                + ",\"as\":\"CHAMPION\",\"who\":\"learner\",\"why\":\"it learnt\",\"whenMs\":5,\"figures\":{}}";
        assertThat(RegistryJson.read(stored.getBytes(UTF_8), Offer.class)).isEqualTo(offer);
    }

    private static void same(Class<?> type, String json) {
        Object read = RegistryJson.read(json.getBytes(UTF_8), type);
        assertThat(new String(RegistryJson.write(read), UTF_8)).isEqualTo(json);
    }
}
