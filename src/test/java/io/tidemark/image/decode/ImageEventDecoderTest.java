package io.tidemark.image.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.StreamFile;
import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.event.RejectReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageEventDecoderTest {
    private static final long PRODUCED_MS = 1_700_000_000_000L;
    private static final byte[] IMAGE = TestImages.plain(8, 51);

    @TempDir
    Path folder;

    private final Map<String, String> headers = new HashMap<>();
    private final DecodedEvent event = new DecodedEvent(1);
    private Path root;

    @BeforeEach
    void root() throws IOException {
        root = Files.createDirectory(folder.resolve("frames"));
    }

    @Test
    void theRecordsKeyIsTheSeriesAndItsTimestampTheTime() throws IOException {
        assertThat(decode("", "cam-1", IMAGE)).isNull();

        assertThat(event.series).isEqualTo("cam-1");
        assertThat(event.timeMs).isEqualTo(PRODUCED_MS);
        assertThat(event.values()[0]).isEqualTo(0.2);
    }

    @Test
    void aCloudEventTellsSourceTimeAndId() throws IOException {
        headers.put("ce_source", "/plant/line-1");
        headers.put("ce_time", "2023-11-14T22:13:19.5Z");
        headers.put("ce_id", "frame-17");

        assertThat(decode("", null, IMAGE)).isNull();

        assertThat(event.series).isEqualTo("/plant/line-1");
        assertThat(event.timeMs).isEqualTo(PRODUCED_MS - 500);
        assertThat(Objects.requireNonNull(event.frame).source().id()).isEqualTo("frame-17");
    }

    @Test
    void declaredHeadersNameTheSeriesAndTheTime() throws IOException {
        headers.put("plant", "a");
        headers.put("camera", "7");
        headers.put("taken", "1699999999");

        assertThat(decode("series: [plant, camera], time: taken", "key", IMAGE)).isNull();

        assertThat(event.series).isEqualTo("a/7");
        assertThat(event.timeMs).isEqualTo(PRODUCED_MS - 1000);
        headers.remove("taken");
        assertThat(decode("series: [plant, camera], time: taken", "key", IMAGE)).isEqualTo(RejectReason.MISSING_FIELD);
        headers.remove("camera");
        assertThat(decode("series: [plant, camera]", "key", IMAGE)).isEqualTo(RejectReason.NO_SERIES);
    }

    @Test
    void base64DataUrlsAndJsonAroundAnImageAreTheImage() throws IOException {
        String base64 = Base64.getEncoder().encodeToString(IMAGE);
        for (String value : List.of(
                base64,
                Base64.getMimeEncoder().encodeToString(IMAGE) + "\n",
                Base64.getUrlEncoder().withoutPadding().encodeToString(IMAGE),
                "data:image/png;base64," + base64,
                "{\"image\": \"" + base64 + "\"}",
                " {\"at\": 7, \"shot\": {\"parts\": [{\"png\": \"data:image/png;charset=x;base64," + base64 + "\"}]}}",
                "{\"note\": \"Quite a long text that begins as a BMP does\", \"image\": \"" + base64 + "\"}")) {
            assertThat(decode("", "cam-1", value.getBytes(UTF_8))).as(value).isNull();
            assertThat(event.series).isEqualTo("cam-1");
            assertThat(event.values()[0]).as(value).isEqualTo(0.2);
        }
    }

    @Test
    void aCloudEventInJsonTellsSourceTimeAndId() throws IOException {
        String base64 = Base64.getEncoder().encodeToString(IMAGE);
        String event17 = """
                {"specversion": "1.0", "id": "17", "source": "/line-1", "type": "frame", "time": "2023-11-14T22:13:19.5Z",
                 "datacontenttype": "image/png", "data_base64": "%s"}""".formatted(base64);

        assertThat(decode("", null, event17.getBytes(UTF_8))).isNull();

        assertThat(event.series).isEqualTo("/line-1");
        assertThat(event.timeMs).isEqualTo(PRODUCED_MS - 500);
        assertThat(Objects.requireNonNull(event.frame).source().id()).isEqualTo("17");
        assertThat(decode("", "key", event17.getBytes(UTF_8))).isNull();
        assertThat(event.series).as("the key comes first").isEqualTo("key");
    }

    @Test
    void declaredFieldsOfJsonNameTheSeriesAndTheTime() throws IOException {
        byte[] value = "{\"camera\": {\"name\": \"7\"}, \"ts\": 1699999999, \"image\": \"%s\"}"
                .formatted(Base64.getEncoder().encodeToString(IMAGE))
                .getBytes(UTF_8);

        assertThat(decode("series: [camera.name], time: ts", "key", value)).isNull();

        assertThat(event.series).isEqualTo("7");
        assertThat(event.timeMs).isEqualTo(PRODUCED_MS - 1000);
        assertThat(decode("series: [line], time: ts", "key", value)).isEqualTo(RejectReason.NO_SERIES);
    }

    @Test
    void whatWrapsNoImageSaysWhichFieldHoldsWhat() throws IOException {
        String base64 = Base64.getEncoder().encodeToString(IMAGE);
        String[][] bad = {
            {"{\"image\": \"" + base64, "MALFORMED"},
            {"{\"v\": 1}", "IMAGE_UNKNOWN_FORMAT"},
            {"{\"a\": \"" + base64 + "\", \"b\": \"" + base64 + "\"}", "IMAGE_ANIMATED"},
            {"data:image/png," + base64, "IMAGE_MALFORMED"},
            {"{\"image\": \"" + base64.substring(0, 60) + "*" + base64.substring(60) + "\"}", "IMAGE_MALFORMED"},
            {"{\"image\": \"data:image/gif;base64,R0lGODlhAQABAAAAACw=\"}", "IMAGE_UNKNOWN_FORMAT"},
            {"{\"data_base64\": \"" + "A".repeat(3 << 19) + "\"}", "TOO_LARGE"},
            {base64.substring(0, 48), "IMAGE_MALFORMED"},
        };
        for (String[] one : bad) {
            assertThat(decode("", "cam-1", one[0].getBytes(UTF_8)))
                    .as(one[0].substring(0, Math.min(80, one[0].length())))
                    .isEqualTo(RejectReason.valueOf(one[1]));
        }
    }

    @Test
    void aFrameFromTheFutureIsRejectedBeforeItIsDecoded() throws IOException {
        headers.put("ce_time", "2100-01-01T00:00:00Z");

        assertThat(decode("", "cam-1", new byte[] {1})).isEqualTo(RejectReason.TOO_FAR_FUTURE);
    }

    @Test
    void aClaimCheckFetchesTheFileItNames() throws Exception {
        claim(Files.write(root.resolve("a b.png"), IMAGE), IMAGE);

        assertThat(decode("", "cam-1", null)).isNull();
        assertThat(decode("", "cam-1", new byte[0])).isNull();
        assertThat(event.frame).isNotNull();
    }

    @Test
    void whatAClaimCheckMayNotNameIsRejectedWithAReason() throws Exception {
        Path outside = Files.write(folder.resolve("secret.png"), IMAGE);
        Path inside = Files.write(root.resolve("good.png"), IMAGE);

        claim(outside, IMAGE);
        assertThat(decode("", "cam-1", null)).isEqualTo(RejectReason.CLAIM_OUTSIDE);
        headers.put("tidemark-uri", "file://" + root + "/../secret.png");
        assertThat(decode("", "cam-1", null)).isEqualTo(RejectReason.CLAIM_OUTSIDE);
        claim(Files.createSymbolicLink(root.resolve("link.png"), outside), IMAGE);
        assertThat(decode("", "cam-1", null)).isEqualTo(RejectReason.CLAIM_OUTSIDE);
        claim(root, IMAGE);
        assertThat(decode("", "cam-1", null)).isEqualTo(RejectReason.CLAIM_OUTSIDE);
        headers.put("tidemark-uri", "https://example.org/a.png");
        assertThat(decode("", "cam-1", null)).isEqualTo(RejectReason.CLAIM_OUTSIDE);
        headers.put("tidemark-uri", "file://%zz");
        assertThat(decode("", "cam-1", null)).isEqualTo(RejectReason.CLAIM_MALFORMED);
        headers.put("tidemark-uri", "file:///a%00b");
        assertThat(decode("", "cam-1", null)).isEqualTo(RejectReason.CLAIM_MALFORMED);
        claim(root.resolve("absent.png"), IMAGE);
        assertThat(decode("", "cam-1", null)).isEqualTo(RejectReason.CLAIM_MISSING);
        claim(Files.createDirectory(root.resolve("folder")), IMAGE);
        assertThat(decode("", "cam-1", null)).isEqualTo(RejectReason.CLAIM_MISSING);
        claim(inside, new byte[] {1});
        assertThat(decode("", "cam-1", null)).isEqualTo(RejectReason.CLAIM_MISMATCH);
        headers.remove("sha256");
        assertThat(decode("", "cam-1", null)).isEqualTo(RejectReason.CLAIM_MALFORMED);
        claim(Files.write(root.resolve("large.png"), new byte[2 << 20]), IMAGE);
        assertThat(decode("", "cam-1", null)).isEqualTo(RejectReason.TOO_LARGE);
        headers.clear();
        assertThat(decode("", "cam-1", null)).isEqualTo(RejectReason.TOMBSTONE);
    }

    @Test
    void withoutADeclaredRootNoFileMayBeNamed() throws Exception {
        claim(Files.write(root.resolve("good.png"), IMAGE), IMAGE);
        root = Path.of("none");

        assertThat(decode("", "cam-1", null)).isEqualTo(RejectReason.CLAIM_OUTSIDE);
    }

    private void claim(Path file, byte[] content) throws NoSuchAlgorithmException {
        headers.put("tidemark-uri", file.toUri().toString());
        headers.put(
                "sha256",
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content)));
    }

    private @Nullable RejectReason decode(String input, @Nullable String key, byte @Nullable [] value)
            throws IOException {
        Path file = Files.writeString(
                folder.resolve("stream.yaml"), """
                stream: camera
                input: {topic: frames, format: image, %s image: {width: 4, height: 4, root: "%s"}}
                """.formatted(input.isEmpty() ? "" : input + ",", root));
        try (ImageEventDecoder decoder = new ImageEventDecoder(StreamFile.read(file))) {
            Refusal refusal = decoder.decode(
                    key == null ? null : key.getBytes(UTF_8),
                    value,
                    name -> headers.containsKey(name) ? headers.get(name).getBytes(UTF_8) : null,
                    PRODUCED_MS,
                    event);
            return refusal == null ? null : refusal.reason();
        }
    }
}
