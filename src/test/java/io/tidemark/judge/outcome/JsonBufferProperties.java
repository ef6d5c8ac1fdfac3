package io.tidemark.judge.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The buffer against slow, obvious ways to write the same. */
final class JsonBufferProperties {
    private static final int CASES = 20_000;
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final DateTimeFormatter RFC3339 =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Random random = new Random(7);
    private final JsonBuffer json = new JsonBuffer(4);

    private String text() {
        return new String(json.toBytes(), StandardCharsets.UTF_8);
    }

    private double anyDouble() {
        return switch (random.nextInt(6)) {
            case 0 -> Double.longBitsToDouble(random.nextLong());
            case 1 -> random.nextInt(2000) - 1000;
            case 2 -> Math.rint(random.nextGaussian() * 1e4) / 1e3;
            case 3 -> (float) random.nextGaussian();
            case 4 -> random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20);
            default -> random.nextGaussian();
        };
    }

    @Test
    void exactNumbersReadBackAsTheSameBits() {
        for (int i = 0; i < CASES; i++) {
            double value = anyDouble();
            String text = (i & 1) == 0 ? numberOf(value) : numberOf(-value);
            if (!Double.isFinite(value)) {
                assertThat(text).isEqualTo("null");
            } else {
                assertThat(Double.parseDouble(text)).isEqualTo((i & 1) == 0 ? value + 0.0 : -value + 0.0);
            }
        }
    }

    private String numberOf(double value) {
        json.clear().exact(value);
        return text();
    }

    @Test
    void significantDigitsAreWithinHalfAUnitOfTheLast() throws IOException {
        for (int i = 0; i < CASES; i++) {
            double value = anyDouble();
            json.clear().significant(value, 9);
            if (!Double.isFinite(value)) {
                assertThat(text()).isEqualTo("null");
                continue;
            }
            MAPPER.readTree(json.toBytes());
            double read = new BigDecimal(text()).doubleValue();
            assertThat(read).isCloseTo(value, within(Math.max(Math.abs(value) * 0.51e-8, Double.MIN_VALUE)));
        }
    }

    @Test
    void roundedNumbersHaveNoMoreDecimalsThanAsked() {
        for (int i = 0; i < CASES; i++) {
            double value = random.nextDouble();
            json.clear().rounded(value, 6);
            BigDecimal read = new BigDecimal(text());
            assertThat(read.scale()).isLessThanOrEqualTo(6);
            assertThat(read.doubleValue()).isCloseTo(value, within(0.51e-6));
        }
    }

    @Test
    void timesAreThoseOfTheCalendar() {
        long first = Instant.parse("0000-01-01T00:00:00Z").toEpochMilli();
        long last = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();
        for (int i = 0; i < CASES; i++) {
            long time = i == 0 ? first : i == 1 ? last : random.nextLong(first, last);
            json.clear().time(time);
            assertThat(text()).isEqualTo('"' + RFC3339.format(Instant.ofEpochMilli(time)) + '"');
        }
        json.clear().time(last + 1);
        assertThat(text()).isEqualTo("null");
    }

    @Test
    void anyStringReadsBackAsItself() throws IOException {
        for (int i = 0; i < CASES / 4; i++) {
            StringBuilder any = new StringBuilder();
            for (int c = random.nextInt(12); c > 0; c--) {
                int point = random.nextInt(4) == 0 ? random.nextInt(0x10FFFF) : random.nextInt(0x180);
                if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) any.appendCodePoint(point);
            }
            json.clear().open('[').string(any.toString()).string("x").close(']');
            assertThat(MAPPER.readTree(json.toBytes()).get(0).textValue()).isEqualTo(any.toString());
        }
        json.clear().string("a\uD800b");
        assertThat(MAPPER.readTree(json.toBytes()).textValue()).isEqualTo("a\uFFFDb");
    }

    @Test
    void theExtremesOfLongsAreWritten() {
        json.clear()
                .open('[')
                .integer(Long.MIN_VALUE)
                .integer(Long.MAX_VALUE)
                .integer(0)
                .close(']');
        assertThat(text()).isEqualTo("[-9223372036854775808,9223372036854775807,0]");
    }
}
