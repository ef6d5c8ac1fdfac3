package io.tidemark.series.event;

import io.tidemark.config.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Series keys: parts joined by {@code /}. Among several parts, {@code /} within one is written {@code %2F}, and a {@code %} that could be taken
 * for the beginning of such a mark {@code %25}, so that different parts make different keys. A key longer than
 * {@link EventDecoder#SERIES_BYTES_MAX} keeps its beginning, and ends in {@code ~} and 32 digits of its SHA-256.
 */
public final class SeriesKey {
    private static final int HASH_BYTES = 16;
    private static final int KEPT_BYTES_MAX = EventDecoder.SERIES_BYTES_MAX - 1 - 2 * HASH_BYTES;

    private SeriesKey() {}

    /** A part as it stands among others. */
    public static String escaped(String part) {
        if (part.indexOf('/') < 0 && part.indexOf('%') < 0) return part;
        return part.replace("%25", "%2525").replace("%2F", "%252F").replace("/", "%2F");
    }

    /** The key itself when it is short enough. */
    public static String bounded(String key) {
        if (key.length() * 3 <= EventDecoder.SERIES_BYTES_MAX) return key;
        byte[] text = key.getBytes(StandardCharsets.UTF_8);
        if (text.length <= EventDecoder.SERIES_BYTES_MAX) return key;
        int kept = KEPT_BYTES_MAX;
        while ((text[kept] & 0xC0) == 0x80) kept--;
        return new String(text, 0, kept, StandardCharsets.UTF_8)
                + '~'
                + HexFormat.of().formatHex(Sha256.of(text), 0, HASH_BYTES);
    }
}
