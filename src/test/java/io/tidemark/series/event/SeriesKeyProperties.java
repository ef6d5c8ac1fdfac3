package io.tidemark.series.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Keys of 10^5 lists of parts that are made of what escaping is about; fixed seed. */
class SeriesKeyProperties {
    private static final int CASES = 100_000;
    private static final String[] PIECES = {
        "/", "%", "2", "5", "F", "f", "%2F", "%25", "%252F", "a", "é", "\uD83D\uDE00"
    };

    private final SplittableRandom random = new SplittableRandom(17);

    @Test
    void differentPartsMakeDifferentKeys() {
        Map<String, List<String>> partsOf = new HashMap<>();
        for (int i = 0; i < CASES; i++) {
            List<String> parts = new ArrayList<>();
            for (int part = 2 + random.nextInt(2); part > 0; part--) parts.add(text(5));
            String key = parts.stream().map(SeriesKey::escaped).collect(Collectors.joining("/"));
            List<String> others = partsOf.putIfAbsent(key, parts);
            if (others != null) assertThat(parts).as("parts of %s", key).isEqualTo(others);
        }
        assertThat(partsOf).hasSizeGreaterThan(CASES / 4);
    }

    @Test
    void aKeyOfAnyLengthIsBoundedKeepsItsBeginningAndStaysApart() {
        Map<String, String> textOf = new HashMap<>();
        for (int i = 0; i < CASES; i++) {
            String key = "site".repeat(random.nextInt(200)) + text(80);
            String bounded = SeriesKey.bounded(key);
            assertThat(bounded.getBytes(UTF_8).length).isLessThanOrEqualTo(EventDecoder.SERIES_BYTES_MAX);
            assertThat(SeriesKey.bounded(bounded)).isEqualTo(bounded);
            assertThat(bounded).startsWith(key.substring(0, Math.min(key.length(), 100)));
            String other = textOf.putIfAbsent(bounded, key);
            if (other != null) assertThat(key).isEqualTo(other);
        }
    }

    private String text(int pieces) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(pieces + 1); i > 0; i--) text.append(PIECES[random.nextInt(PIECES.length)]);
        return text.toString();
    }
}
