package io.tidemark.judge.feedback;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Whatever bytes come, the decoder gives feedback within its bounds or a refusal that repeats nothing of them. */
final class FeedbackDecoderProperties {
    private static final int CASES = 5000;
    private static final String SECRET = "hunter2";

    private static Feedback random(SplittableRandom random) {
        long from = random.nextLong(-62_135_596_800_000L, 253_402_300_799_999L - Feedback.STRETCH_MAX.toMillis());
        return new Feedback(
                text(random, 1, 20),
                text(random, 1, 60),
                from,
                from + random.nextLong(Feedback.STRETCH_MAX.toMillis() + 1),
                random.nextBoolean(),
                text(random, 0, 10),
                text(random, 0, 100));
    }

    private static String text(SplittableRandom random, int min, int max) {
        String letters = "az/@-\"\\\u0000\u001f\u00e9\u65e5{}[]:, ";
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(min, max + 1); n > 0; n--) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }

    @Test
    void whatIsWrittenIsReadBack() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < CASES; i++) {
            Feedback feedback = random(random);
            assertThat(FeedbackDecoder.decode(feedback.encode())).isEqualTo(feedback);
        }
    }

    @Test
    void damagedRecordsAreReadOrRefusedAndNeverFail() {
        SplittableRandom random = new SplittableRandom(2);
        int refused = 0;
        for (int i = 0; i < CASES; i++) {
            byte[] bytes = random(random).encode();
            for (int n = random.nextInt(1, 4); n > 0; n--)
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            byte[] cut = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            for (byte[] record : List.of(bytes, cut)) {
                try {
                    Feedback read = FeedbackDecoder.decode(record);
                    assertThat(FeedbackDecoder.decode(read.encode()).key()).isEqualTo(read.key());
                } catch (FeedbackException e) {
                    refused++;
                }
            }
        }
        assertThat(refused).isGreaterThan(CASES);
    }

    private static void refused(String json, FeedbackReason reason, String sentence) {
        assertThatThrownBy(() -> FeedbackDecoder.decode(json.getBytes(UTF_8)))
                .as(json)
                .asInstanceOf(InstanceOfAssertFactories.type(FeedbackException.class))
                .satisfies(e -> {
                    assertThat(e.reason()).isEqualTo(reason);
                    assertThat(e.sentence()).contains(sentence).doesNotContain(SECRET);
                });
    }

    private static String record(String fields) {
        return "{\"stream\":\"pumps\",\"series\":\"p1\"," + fields + "}";
    }

    @Test
    void eachMistakeHasItsReason() {
        FeedbackReason malformed = FeedbackReason.MALFORMED;
        refused("", malformed, "not a JSON object");
        refused(SECRET, malformed, "not JSON");
        refused("null", malformed, "not a JSON object");
        refused("[1]", malformed, "not a JSON object");
        refused("[".repeat(5000), malformed, "not JSON");
        refused(record("\"from\":1,\"label\":\"normal\"} {"), malformed, "not JSON");
        refused(record("\"from\":1,\"from\":2,\"label\":\"normal\""), malformed, "twice");
        refused(record("\"from\":1,\"label\":\"normal\",\"" + SECRET + "\":1"), malformed, "a field is not known");
        refused(record("\"label\":\"normal\""), malformed, "from is missing");
        refused(record("\"from\":1"), malformed, "label is missing");
        refused(record("\"from\":1,\"label\":\"" + SECRET + "\""), malformed, "label must be normal or anomaly");
        refused(record("\"from\":1,\"label\":true"), malformed, "label must be text");
        refused(record("\"from\":1.5,\"label\":\"normal\""), malformed, "from must be a time");
        refused(record("\"from\":1e300,\"label\":\"normal\""), malformed, "from must be a time");
        refused(record("\"from\":99999999999999999999,\"label\":\"normal\""), malformed, "from must be a time");
        refused(record("\"from\":\"" + SECRET + "\",\"label\":\"normal\""), malformed, "from must be a time");
        refused(record("\"from\":\"2026-01-01T00:00:00\",\"label\":\"normal\""), malformed, "from must be a time");
        refused(record("\"from\":\"+12000-01-01T00:00:00Z\",\"label\":\"normal\""), malformed, "years 1 to 9999");
        refused(record("\"from\":1,\"to\":null,\"label\":\"normal\""), malformed, "to must be a time");
        refused(record("\"from\":1,\"label\":\"normal\",\"version\":2"), malformed, "version must be 1");
        refused(
                record("\"from\":1,\"label\":\"normal\",\"note\":\"" + "n".repeat(1001) + "\""),
                malformed,
                "note must have");
        refused(
                "{\"stream\":\"pumps\",\"series\":\"\",\"from\":1,\"label\":\"normal\"}",
                malformed,
                "series must have 1");
        refused(record("\"from\":2,\"to\":1,\"label\":\"normal\""), FeedbackReason.BACKWARDS, "to must be at or after");
        long long31 = Feedback.STRETCH_MAX.toMillis();
        refused(
                record("\"from\":0,\"to\":" + (long31 + 1) + ",\"label\":\"normal\""),
                FeedbackReason.TOO_LONG,
                "31 days");
        assertThat(FeedbackDecoder.decode(record("\"from\":0,\"to\":" + long31 + ",\"label\":\"normal\"")
                                .getBytes(UTF_8))
                        .toMs())
                .isEqualTo(long31);
        refused(
                record("\"from\":1,\"label\":\"normal\"") + " ".repeat(Feedback.BYTES_MAX),
                FeedbackReason.TOO_LARGE,
                "at most");
        assertThatThrownBy(() -> FeedbackDecoder.decode(null)).hasMessage("the record has no value");
    }

    @Test
    void theLeastThatAPersonMayWriteIsOneRow() throws Exception {
        byte[] least = Files.readAllBytes(Path.of("topology", "formats", "feedback.least.example.json"));
        assertThat(FeedbackDecoder.decode(least))
                .isEqualTo(
                        new Feedback("pumps", "hall-3/pump-7", 1_767_225_600_000L, 1_767_225_600_000L, true, "", ""));
    }

    @Test
    void labelsOfOneStretchShareAKey() {
        Feedback first = new Feedback("pumps", "p1", 1000, 2000, true, "ann", "a leak");
        Feedback second = new Feedback("pumps", "p1", 1000, 2000, false, "bob", "no leak");
        assertThat(second.key()).isEqualTo(first.key()).isEqualTo("pumps/p1@1000-2000");
        assertThat(first.toLabel().anomaly()).isTrue();
    }
}
