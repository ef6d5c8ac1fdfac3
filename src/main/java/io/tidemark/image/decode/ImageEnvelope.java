package io.tidemark.image.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.series.event.RejectReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record's value opened until the bytes of its image lie bare.
 *
 * <table>
 * <caption>What is opened</caption>
 * <tr><th>value</th><th>image</th></tr>
 * <tr><td>an image</td><td>as it is</td></tr>
 * <tr><td>base64, plain or for URLs, with line ends or without</td><td>what it encodes</td></tr>
 * <tr><td>a data URL ({@code data:image/png;base64,…})</td><td>what it encodes</td></tr>
 * <tr><td>a CloudEvent in JSON</td><td>{@code data_base64}, or as in other JSON below {@code data}</td></tr>
 * <tr><td>other JSON</td><td>the one text in it, at most {@value #DEPTH_MAX} deep, that is a data URL of an image or begins as an
 *     image in base64 does; two are refused, since each frame is an event</td></tr>
 * </table>
 *
 * @param image the bytes of the image
 * @param json the JSON around it; null where there is none
 */
@SuppressWarnings("ArrayRecordComponent")
record ImageEnvelope(byte[] image, @Nullable JsonNode json) {
    private static final int DEPTH_MAX = 8;
    private static final int TEXT_LENGTH_MAX = 128 << 20;
    private static final String DATA_URL = "data:";
    private static final String BASE64 = ";base64";
    /** How PNG, JPEG, BMP, TIFF and WebP begin in base64. */
    private static final String[] BEGINNINGS = {"iVBORw0KGgo", "/9j/", "_9j_", "Qk", "SUkqA", "TU0AK", "UklGR"};
    /** A text shorter than this is a name, not an image. */
    private static final int IMAGE_LENGTH_MIN = 40;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(TEXT_LENGTH_MAX)
                    .maxNestingDepth(64)
                    .build())
            .build());

    /**
     * Opens a value.
     *
     * @param bytesMax the most bytes that an image may have; more are refused before they are decoded
     */
    static ImageEnvelope open(byte[] value, int bytesMax) throws RefusedException {
        int first = 0;
        while (first < value.length && (value[first] == ' ' || value[first] == '\n' || value[first] == '\r')) first++;
        if (first == value.length) return new ImageEnvelope(value, null);
        if (value[first] == '{') return inJson(value, bytesMax);
        if (isText(value)) {
            String text = new String(value, StandardCharsets.US_ASCII).strip();
            if (isImage(text)) return new ImageEnvelope(decoded("the value", text, bytesMax), null);
        }
        return new ImageEnvelope(value, null);
    }

    /** A text of a field of the JSON, by its name or its path ({@code a.b}); empty where there is none. */
    String text(String field) {
        if (json == null) return "";
        JsonNode node = json.get(field);
        if (node == null) node = json.at("/" + field.replace('.', '/'));
        return node.isValueNode() && !node.isNull() ? node.asText() : "";
    }

    /** Whether it is a CloudEvent in JSON, whose attributes are fields. */
    boolean isCloudEvent() {
        return json != null && json.has("specversion");
    }

    private static ImageEnvelope inJson(byte[] value, int bytesMax) throws RefusedException {
        JsonNode json;
        try {
            json = JSON.readTree(value);
        } catch (IOException e) {
            throw new RefusedException(RejectReason.MALFORMED, "the value begins as JSON and is none");
        }
        JsonNode data = json.get("data_base64");
        if (data != null && data.isTextual()) {
            return new ImageEnvelope(decoded("field data_base64", data.textValue(), bytesMax), json);
        }
        Found found = new Found();
        found.search("", json, 0);
        if (found.text == null) {
            throw new RefusedException(
                    RejectReason.IMAGE_UNKNOWN_FORMAT,
                    "no field of the JSON is a PNG, JPEG, BMP, TIFF or WebP in base64 or a data URL of one");
        }
        return new ImageEnvelope(decoded("field " + found.path, found.text, bytesMax), json);
    }

    /** The one image in a tree. */
    private static final class Found {
        private @Nullable String text;
        private String path = "";

        void search(String at, JsonNode node, int depth) throws RefusedException {
            if (node.isTextual() && isImage(node.textValue())) {
                if (text != null) {
                    throw new RefusedException(
                            RejectReason.IMAGE_ANIMATED,
                            "fields " + path + " and " + at + " are images; send one record for each frame");
                }
                text = node.textValue();
                path = at;
            }
            if (depth == DEPTH_MAX) return;
            String before = at.isEmpty() ? "" : at + ".";
            for (Iterator<Map.Entry<String, JsonNode>> i = node.fields(); i.hasNext(); ) {
                Map.Entry<String, JsonNode> field = i.next();
                search(before + field.getKey(), field.getValue(), depth + 1);
            }
            for (int i = 0; node.isArray() && i < node.size(); i++) search(at + "[" + i + "]", node.get(i), depth + 1);
        }
    }

    private static boolean isText(byte[] value) {
        for (byte b : value) if (b < ' ' && b != '\n' && b != '\r' && b != '\t') return false;
        return true;
    }

    private static boolean isImage(String text) {
        if (text.regionMatches(true, 0, DATA_URL, 0, DATA_URL.length())) return true;
        if (text.length() < IMAGE_LENGTH_MIN) return false;
        for (String beginning : BEGINNINGS) if (text.startsWith(beginning)) return isBase64(text);
        return false;
    }

    /** Whether it is base64 as far as can be seen from its beginning: prose may begin as an image does. */
    private static boolean isBase64(String text) {
        for (int i = 0; i < IMAGE_LENGTH_MIN; i++) {
            char c = text.charAt(i);
            boolean letter = c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
            if (!letter && "+/-_\r\n".indexOf(c) < 0) return false;
        }
        return true;
    }

    private static byte[] decoded(String where, String text, int bytesMax) throws RefusedException {
        String encoded = text;
        if (text.regionMatches(true, 0, DATA_URL, 0, DATA_URL.length())) {
            int comma = text.indexOf(',');
            String head = comma < 0 ? "" : text.substring(0, comma).toLowerCase(Locale.ROOT);
            if (!head.endsWith(BASE64)) {
                throw ImageHeader.malformed(where + " is a data URL without " + BASE64 + ",");
            }
            encoded = text.substring(comma + 1);
        }
        // as sent: with padding or without, for URLs or not, in lines or not
        if (encoded.length() / 4L * 3 > bytesMax + bytesMax / 16L + 2) {
            throw new RefusedException(
                    RejectReason.TOO_LARGE,
                    where + " encodes about " + encoded.length() / 4L * 3 + " bytes; max-bytes is " + bytesMax);
        }
        String plain = encoded.replace('-', '+')
                .replace('_', '/')
                .replace("\r", "")
                .replace("\n", "")
                .strip();
        try {
            return Base64.getDecoder().decode(plain);
        } catch (IllegalArgumentException e) {
            throw ImageHeader.malformed(where + " is not base64");
        }
    }
}
