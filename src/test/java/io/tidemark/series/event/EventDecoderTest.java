package io.tidemark.series.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventDecoderTest {
    private static final long NOON = 1_700_000_000_000L;

    @TempDir
    Path folder;

    private EventDecoder decoder = new EventDecoder(stream("features: [value, load]"));
    private DecodedEvent event = new DecodedEvent(2);

    @Test
    void wideRecordGivesSeriesTimeAndValues() {
        assertThat(decode("{'host':'a','time':1700000000000,'value':1.5,'load':'2e1','other':{'x':[1,{}]}}"))
                .isNull();

        assertThat(event.series).isEqualTo("a");
        assertThat(event.timeMs).isEqualTo(NOON);
        assertThat(event.values()).containsExactly(1.5, 20);
        assertThat(event.feature).isEqualTo(DecodedEvent.WIDE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'host':'a','time':1700000000,'value':1                      | malformed",
                "{'host':'a','time':1700000000,'value':1} tail                | malformed",
                "[1,2]                                               | malformed",
                "not json                                            | malformed",
                "{'host':'a','time':1700000000,'value':'high'}                | wrong-type",
                "{'host':'a','time':1700000000,'value':{'v':1}}               | wrong-type",
                "{'host':'a','time':1700000000,'value':[1]}                   | wrong-type",
                "{'host':'a','time':1700000000,'value':'0x1p3'}               | wrong-type",
                "{'host':'a','value':1}                              | missing-field",
                "{'host':'a','time':null,'value':1}                  | missing-field",
                "{'time':1700000000,'value':1}                                | no-series",
                "{'host':'','time':1700000000,'value':1}                      | no-series",
                "{'host':null,'time':1700000000,'value':1}                    | no-series",
                "{'host':'a','time':'yesterday','value':1}           | time-unreadable",
                "{'host':'a','time':'2023-02-30T00:00:00Z','value':1}| time-unreadable",
                "{'host':'a','time':true,'value':1}                  | time-unreadable",
                "{'host':'a','time':'2100-01-01T00:00:00Z','value':1}| too-far-future",
                "{'host':'a','time':1700000000}                               | no-values",
                "{'host':'a','time':1700000000,'value':null,'load':'NaN'}     | no-values",
                "{'host':'a','time':1700000000,'value':NaN,'load':-Infinity}  | value-out-of-range",
                "{'host':'a','time':1700000000,'value':1e308}                 | value-out-of-range",
                "{'host':'a','time':1700000000,'value':'-1e999'}              | value-out-of-range",
                "{'host':'a','time':1700000000,'value':1e999}                 | value-out-of-range",
            })
    void badRecordIsRejectedWithItsReason(String json, String reason) {
        RejectReason rejected = decode(json);

        assertThat(rejected).isNotNull().extracting(RejectReason::label).isEqualTo(reason);
    }

    @Test
    void missingValuesBesideGoodOnesAreMissing() {
        for (String missing : new String[] {"null", "NaN", "''", "'n/a'"}) {
            assertThat(decode("{'host':'a','time':1700000000,'value':" + missing + ",'load':3}"))
                    .isNull();
            assertThat(event.values()).containsExactly(Double.NaN, 3);
            assertThat(decoder.badValues()).isZero();
        }
        for (String infinite : new String[] {"Infinity", "-Infinity", "'inf'", "'+Inf'"}) {
            assertThat(decode("{'host':'a','time':1700000000,'value':" + infinite + ",'load':3}"))
                    .isNull();
            assertThat(event.values()).containsExactly(Double.NaN, 3);
            assertThat(decoder.badValues()).as("counted, %s", infinite).isEqualTo(1);
        }
        assertThat(decode("{'host':'a','time':1700000000,'load':3}")).isNull();
        assertThat(event.values()).containsExactly(Double.NaN, 3);
    }

    @Test
    void aValueOutsideItsValidRangeIsMissingAndCountedOrCostsTheEvent() {
        decoder = new EventDecoder(stream("features: [{name: value, valid-range: [0, 150]}, load]"));
        for (String held : new String[] {"0", "150", "'1.5e2'", "false"}) {
            assertThat(decode("{'host':'a','time':1700000000,'value':" + held + ",'load':1e9}"))
                    .isNull();
            assertThat(event.values()[0]).as(held).isBetween(0.0, 150.0);
            assertThat(decoder.outsideValues()).isZero();
        }
        assertThat(decode("{'host':'a','time':1700000000,'value':150.5,'load':3}"))
                .isNull();
        assertThat(event.values()).containsExactly(Double.NaN, 3);
        assertThat(decoder.badValues()).isEqualTo(1);
        assertThat(decoder.outsideValues()).isEqualTo(1);
        assertThat(decoder.badDetail()).isEqualTo("field value is 150.5, outside of its valid-range [0, 150]");
        assertThat(decode("{'host':'a','time':1700000000,'value':'high','load':3}"))
                .isNull();
        assertThat(decoder.badValues()).isEqualTo(1);
        assertThat(decoder.outsideValues()).isZero();
        assertThat(decode("{'host':'a','time':1700000000,'value':-1}")).isEqualTo(RejectReason.OUTSIDE_VALID_RANGE);

        decoder = new EventDecoder(stream("valid-range: [none, 20]", "on-bad: reject", "features: [value, load]"));
        assertThat(decode("{'host':'a','time':1700000000,'value':-1e9,'load':21}"))
                .isEqualTo(RejectReason.OUTSIDE_VALID_RANGE);
        assertThat(decoder.detail()).isEqualTo("field load is 21.0, outside of its valid-range [none, 20]");
    }

    @Test
    void inLongFormTheNameSaysWhichRangeHolds() {
        decoder = new EventDecoder(stream(
                "long: {name: metric, value: v}", "features: [value, {name: load, field: l, valid-range: [0, 1]}]"));
        assertThat(decode("{'host':'a','time':1700000000,'metric':'value','v':7}"))
                .isNull();
        assertThat(decode("{'host':'a','time':1700000000,'metric':'l','v':7}"))
                .isEqualTo(RejectReason.OUTSIDE_VALID_RANGE);
        assertThat(decoder.detail()).isEqualTo("field v is 7.0, outside of its valid-range [0, 1]");
    }

    @Test
    void nothingOfARejectedRecordStaysForTheNext() {
        decode("{'host':'a','time':1700000000,'value':7,'load':true}");

        assertThat(decode("{'host':'b','time':1700000000,'load':3}")).isNull();
        assertThat(event.values()).containsExactly(Double.NaN, 3);
    }

    @Test
    void tombstoneAndOversizedRecordAreRejectedUnread() {
        decoder = new EventDecoder(stream("features: [value]", "limits: {event: 100}"));

        assertThat(decoder.decode(null, null, NOON, event)).isEqualTo(RejectReason.TOMBSTONE);
        assertThat(decoder.decode(null, new byte[101], NOON, event)).isEqualTo(RejectReason.TOO_LARGE);
    }

    @Test
    void nestingIsBounded() {
        String deep =
                "{'other':" + "[".repeat(100_000) + "]".repeat(100_000) + ",'host':'a','time':1700000000,'value':1}";

        assertThat(decode(deep)).isEqualTo(RejectReason.MALFORMED);
    }

    @Test
    void aLongSeriesKeyKeepsItsBeginningAndEndsInAHash() {
        String longest = "x".repeat(512);
        assertThat(seriesOf(longest)).isEqualTo(longest);
        for (String longer : new String[] {"x".repeat(513), "é".repeat(257), "\uD83D\uDE00".repeat(200)}) {
            String key = seriesOf(longer);
            assertThat(key.getBytes(StandardCharsets.UTF_8).length).isBetween(500, 512);
            assertThat(key).startsWith(longer.substring(0, 200)).matches(".*~[0-9a-f]{32}");
            assertThat(seriesOf(longer)).isEqualTo(key);
            assertThat(seriesOf(longer + "y")).isNotEqualTo(key);
        }
    }

    private String seriesOf(String host) {
        assertThat(decode("{'host':'" + host + "','time':1700000000,'value':1}"))
                .isNull();
        return event.series;
    }

    @Test
    void dottedPathsReachIntoObjectsAndSeriesPartsAreJoined() {
        decoder = new EventDecoder(
                stream("series: [tags.site, tags.pump]", "features: [{name: p, field: m.p}, {name: q, field: m.n.q}]"));

        assertThat(decode("{'m':{'n':{'q':2},'p':1},'tags':{'pump':7,'site':'north'},'time':1700000000}"))
                .isNull();

        assertThat(event.series).isEqualTo("north/7");
        assertThat(event.values()).containsExactly(1, 2);
    }

    @Test
    void kafkaKeyAndTimestampStandInWhereNoFieldIsDeclared() {
        decoder = new EventDecoder(stream("series: []", "time: ''", "features: [value, load]"));

        byte[] value = "{\"value\":1}".getBytes(StandardCharsets.UTF_8);
        assertThat(decoder.decode("pump-1".getBytes(StandardCharsets.UTF_8), value, NOON, event))
                .isNull();
        assertThat(event.series).isEqualTo("pump-1");
        assertThat(event.timeMs).isEqualTo(NOON);
        assertThat(decoder.decode(null, value, NOON, event)).isEqualTo(RejectReason.NO_SERIES);
    }

    @Test
    void longRecordGivesOneFeature() {
        decoder = new EventDecoder(stream("features: [cpu, memory]", "long: {name: metric, value: v}"));

        assertThat(decode("{'host':'a','time':1700000000,'metric':'memory','v':0.5}"))
                .isNull();
        assertThat(event.feature).isEqualTo(1);
        assertThat(event.values()).containsExactly(Double.NaN, 0.5);
        assertThat(decode("{'host':'a','time':1700000000,'metric':'disk','v':1}"))
                .isEqualTo(RejectReason.UNKNOWN_FEATURE);
        assertThat(decode("{'host':'a','time':1700000000,'v':1}")).isEqualTo(RejectReason.MISSING_FIELD);
        assertThat(decode("{'host':'a','time':1700000000,'metric':'cpu'}")).isEqualTo(RejectReason.MISSING_FIELD);
        assertThat(decode("{'host':'a','time':1700000000,'metric':'cpu','v':null}"))
                .isEqualTo(RejectReason.NO_VALUES);
    }

    @Test
    void aRowOfOtherCellsThanDeclaredColumnsIsToldAndCounted() {
        decoder = new EventDecoder(stream(
                "format: csv",
                "features: [value, load]",
                "csv: {header: [time, host, value, load], header-line: false}"));
        assertThat(decodeText("2023-11-14 22:13:20,a,1.5,2,")).isNull();
        assertThat(decoder.badValues()).isZero();

        assertThat(decodeText("2023-11-14 22:13:20,a,1.5,2,7")).isEqualTo(RejectReason.MALFORMED);
        assertThat(decoder.detail()).isEqualTo("the row has 5 cells, but 4 columns are declared");

        assertThat(decodeText("2023-11-14 22:13:20,a,1.5")).isNull();
        assertThat(event.values()).containsExactly(1.5, Double.NaN);
        assertThat(decoder.badValues()).isEqualTo(1);
        assertThat(decoder.badDetail()).contains("field load is behind the end of the row");
    }

    @Test
    void csvRowsAreReadInTheDeclaredOrderOrByTheirHeader() {
        decoder = new EventDecoder(stream("format: csv", "features: [value, load]"));
        assertThat(decodeText("2023-11-14 22:13:20,a,1.5,\"2\"\r\n")).isNull();
        assertThat(event.timeMs).isEqualTo(NOON);
        assertThat(event.series).isEqualTo("a");
        assertThat(event.values()).containsExactly(1.5, 2);

        decoder = new EventDecoder(stream(
                "format: csv",
                "features: [value, load]",
                "csv: {header: [load, skipped, host, value, time], delimiter: ';'}"));
        assertThat(decodeText("3;\"x;\"\"y\";a;;1700000000")).isNull();
        assertThat(event.values()).containsExactly(Double.NaN, 3);
        assertThat(event.timeMs).isEqualTo(NOON);
        assertThat(decodeText("\"open;a;1;2")).isEqualTo(RejectReason.MALFORMED);
        assertThat(decodeText("1;2;a;3;1\n1;2;a;3;2")).isEqualTo(RejectReason.MALFORMED);
        assertThat(decodeText("")).isEqualTo(RejectReason.MALFORMED);
        assertThat(decodeText("1;2;a;3")).isEqualTo(RejectReason.MISSING_FIELD);
        assertThat(decodeText("one;2;a;3;1700000000")).isNull();
        assertThat(decodeText("one;2;a;two;1700000000")).isEqualTo(RejectReason.WRONG_TYPE);
    }

    private @Nullable RejectReason decode(String json) {
        return decodeText(json.replace('\'', '"'));
    }

    private @Nullable RejectReason decodeText(String text) {
        return decoder.decode(null, text.getBytes(StandardCharsets.UTF_8), NOON, event);
    }

    /** Lines of input settings, or of the stream where they begin with limits. */
    private StreamSpec stream(String... lines) {
        StringBuilder input = new StringBuilder("stream: s\ninput:\n  topic: t\n");
        StringBuilder rest = new StringBuilder();
        boolean series = false;
        boolean time = false;
        for (String line : lines) {
            series |= line.startsWith("series");
            time |= line.startsWith("time");
            if (line.startsWith("limits")) rest.append(line).append('\n');
            else input.append("  ").append(line).append('\n');
        }
        if (!series) input.append("  series: [host]\n");
        if (!time) input.append("  time: time\n");
        try {
            Path target = folder == null ? Files.createTempFile("stream", ".yaml") : folder.resolve("s.yaml");
            Files.writeString(target, input.append(rest));
            return StreamFile.read(target);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
