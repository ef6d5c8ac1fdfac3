package io.tidemark.series.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.StreamFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records as programs write them, read by a stream that says how. */
@SuppressWarnings("NullAway")
class RecordsTest {
    private static final long NOW = 1_700_000_000_000L;

    @TempDir
    Path folder;

    private EventDecoder decoder;
    private DecodedEvent event;

    /** An event in words: series, time in seconds after the first, values; or why it is rejected. */
    private List<String> read(String record) {
        return read(record.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private List<String> read(byte[] record) {
        List<String> events = new ArrayList<>();
        Map<String, String> headers = Map.of("site", "north");
        decoder.open("k1".getBytes(StandardCharsets.UTF_8), record, name -> header(headers, name), NOW);
        while (decoder.next(event)) {
            RejectReason reason = decoder.reason();
            StringBuilder told = new StringBuilder(event.series + " " + (event.timeMs - NOW) / 1000);
            for (double value : event.values()) told.append(' ').append(value);
            events.add(reason == null ? told.toString() : reason.label());
        }
        return events;
    }

    private static byte[] header(Map<String, String> headers, String name) {
        String text = headers.get(name);
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private void stream(String input) throws IOException {
        Path file = Files.writeString(
                folder.resolve("s.yaml"),
                "stream: s\nstep: event\ninput:\n  topic: t\n  " + input.strip().replace("\n", "\n  ") + "\n");
        var spec = StreamFile.read(file);
        decoder = new EventDecoder(spec);
        event = new DecodedEvent(spec.features());
    }

    @Test
    void recordsOfOtherKindsArePassedOver() throws IOException {
        stream("""
                time: timestamp
                series: [tags.host]
                features: [{name: idle, field: fields.usage_idle}]
                where: {name: [cpu, cpu2]}
                """);
        assertThat(read("{'fields':{'usage_idle':5},'name':'cpu','tags':{'host':'a'},'timestamp':1700000000}"))
                .containsExactly("a 0 5.0");
        assertThat(read("{'fields':{'used':5},'name':'mem','tags':{'host':'a'},'timestamp':1700000000}"))
                .containsExactly("other-kind");
        decoder.open(null, null, name -> null, NOW);
        assertThat(decoder.next(event)).isTrue();
        assertThat(decoder.reason()).isEqualTo(RejectReason.OTHER_KIND);
    }

    @Test
    void eachElementOfABatchIsAnEventAndSeesWhatEnclosesIt() throws IOException {
        stream("""
                time: timestamp
                series: [site, tags.host]
                features: [{name: idle, field: fields.usage_idle}]
                where: {name: cpu}
                records: metrics
                """);
        String cpu = "{'fields':{'usage_idle':%d},'name':'cpu','tags':{'host':'%s'},'timestamp':%d}";
        assertThat(read("{'metrics':[" + cpu.formatted(1, "a", 1_700_000_000) + ",{'name':'mem'},"
                        + cpu.formatted(2, "b", 1_700_000_010) + ",{'name':'cpu'}],'site':'x'}"))
                .containsExactly("x/a 0 1.0", "other-kind", "x/b 10 2.0", "no-series");
        assertThat(read("{'metrics':[]}")).containsExactly("no-values");
        assertThat(decoder.detail()).contains("no element of records");
    }

    @Test
    void anArrayAtTheTopHoldsItsElements() throws IOException {
        stream("""
                time: ts
                series: [u]
                features: [v]
                records: ""
                """);
        assertThat(read("[{'ts':1700000000,'u':'a','v':1},{'ts':1700000001,'u':'a','v':2}]"))
                .containsExactly("a 0 1.0", "a 1 2.0");
    }

    @Test
    void withoutRecordsAnArrayAtTheTopIsToldHowToBeRead() throws IOException {
        stream("time: ts\nseries: [u]\nfeatures: [v]");
        assertThat(read("[{'ts':1700000000,'u':'a','v':1}]")).containsExactly("malformed");
        assertThat(decoder.detail()).contains("declare input.records");
    }

    @Test
    void pathsReachIntoArraysAndListsOfNamesAndValues() throws IOException {
        stream("""
                time: resourceMetrics.scopeMetrics.metrics.gauge.dataPoints.timeUnixNano
                series: [resourceMetrics.resource.attributes.service.name]
                features: [{name: util, field: resourceMetrics.scopeMetrics.metrics.gauge.dataPoints.asDouble}]
                """);
        assertThat(read("""
                {'resourceMetrics':[{'resource':{'attributes':[{'key':'service.name','value':{'stringValue':'shop'}}]},
                'scopeMetrics':[{'metrics':[{'name':'cpu.util','gauge':{'dataPoints':[
                {'timeUnixNano':'1700000000000000000','asDouble':50.5}]}}]}]}]}""")).containsExactly("shop 0 50.5");
    }

    @Test
    void elementsOfSeveralLevelsOfArraysAreEvents() throws IOException {
        stream("""
                time: timeUnixNano
                series: ["resource.attributes[key=service.name].value.stringValue"]
                features: [cpu, mem]
                long: {name: name, value: asDouble, unknown: ignore}
                records: resourceMetrics.scopeMetrics.metrics.gauge.dataPoints
                """);
        assertThat(read("""
                {'resourceMetrics':[{'resource':{'attributes':[{'key':'service.name','value':{'stringValue':'shop'}}]},
                'scopeMetrics':[{'metrics':[
                {'name':'cpu','gauge':{'dataPoints':[{'timeUnixNano':'1700000000000000000','asDouble':1},
                                                     {'timeUnixNano':'1700000001000000000','asDouble':2}]}},
                {'name':'disk','gauge':{'dataPoints':[{'timeUnixNano':'1700000000000000000','asDouble':9}]}},
                {'name':'mem','gauge':{'dataPoints':[{'timeUnixNano':'1700000000000000000','asDouble':3}]}}]}]}]}""")).containsExactly("shop 0 1.0 NaN", "shop 1 2.0 NaN", "other-kind", "shop 0 NaN 3.0");
    }

    @Test
    void namesAndValuesSideBySideAreEventsOfOneFeatureEach() throws IOException {
        stream("""
                time: time
                series: [host, plugin]
                features: [rx, tx]
                long: {name: dsnames, value: values}
                records: ""
                """);
        assertThat(read("[{'values':[1,2],'dsnames':['rx','tx'],'time':1700000000.5,'host':'h','plugin':'if'}]"))
                .containsExactly("h/if 0 1.0 NaN", "h/if 0 NaN 2.0");
    }

    @Test
    void aLiteralNameWithDotsIsFound() throws IOException {
        stream("time: t\nseries: [u]\nfeatures: [cpu.util, {name: b, field: m.n.o}]");
        assertThat(read("{'t':1700000000,'u':'a','cpu.util':1,'m.n':{'o':2}}")).containsExactly("a 0 1.0 2.0");
        assertThat(read("{'t':1700000000,'u':'a','cpu':{'util':1},'m':{'n':{'o':2}}}"))
                .containsExactly("a 0 1.0 2.0");
    }

    @Test
    void keyAndHeadersAreFields() throws IOException {
        stream("time: t\nseries: [$header.site, $key]\nfeatures: [v]");
        assertThat(read("{'t':1700000000,'v':1}")).containsExactly("north/k1 0 1.0");
    }

    @Test
    void partsOfASeriesAreToldApartWhateverTheyHold() throws IOException {
        stream("time: t\nseries: [a, b]\nfeatures: [v]");
        assertThat(seriesOf("a/b", "c")).isEqualTo("a%2Fb/c").isNotEqualTo(seriesOf("a", "b/c"));
        assertThat(seriesOf("50%", "Köln ☃")).isEqualTo("50%/Köln ☃");
        assertThat(seriesOf("a%2Fb", "c")).isNotEqualTo(seriesOf("a/b", "c"));
        assertThat(seriesOf("", "c")).isEqualTo("/c").isNotEqualTo(seriesOf("c", ""));
    }

    private String seriesOf(String a, String b) {
        read("{'t':1700000000,'a':'" + a + "','b':'" + b + "','v':1}");
        return event.series;
    }

    @Test
    void aBadValueIsMissingAndCountedUnlessItIsDeclaredToCostTheEvent() throws IOException {
        stream("time: t\nseries: [u]\nfeatures: [a, b]");
        assertThat(read("{'t':1700000000,'u':'x','a':'Bad Input','b':2}")).containsExactly("x 0 NaN 2.0");
        assertThat(decoder.badValues()).isEqualTo(1);
        assertThat(decoder.badDetail()).contains("field a is \"Bad Input\"").contains("a number was expected");
        assertThat(read("{'t':1700000000,'u':'x','a':'Bad','b':[1]}")).containsExactly("wrong-type");
        assertThat(decoder.detail()).contains("field a is \"Bad\"");

        stream("time: t\nseries: [u]\nfeatures: [{name: a, on-bad: reject}, b]");
        assertThat(read("{'t':1700000000,'u':'x','a':'Bad','b':2}")).containsExactly("wrong-type");
        assertThat(read("{'t':1700000000,'u':'x','a':1,'b':'Bad'}")).containsExactly("x 0 1.0 NaN");
    }

    @Test
    void declaredWordsAndNumbersStandForMissingValues() throws IOException {
        stream("time: t\nseries: [u]\nmissing: [\"#N/A\"]\nfeatures: [{name: a, missing: [-200, Bad]}, b]");
        for (String missing : List.of("-200", "-200.0", "'-200'", "'bad'", "'#N/A'")) {
            assertThat(read("{'t':1700000000,'u':'x','a':" + missing + ",'b':2}"))
                    .containsExactly("x 0 NaN 2.0");
            assertThat(decoder.badValues()).isZero();
        }
        assertThat(read("{'t':1700000000,'u':'x','a':1,'b':-200}")).containsExactly("x 0 1.0 -200.0");
    }

    @Test
    void booleansAreOneAndZero() throws IOException {
        stream("time: t\nseries: [u]\nfeatures: [a, b]");
        assertThat(read("{'t':1700000000,'u':'x','a':true,'b':'False'}")).containsExactly("x 0 1.0 0.0");
    }

    @Test
    void whatProducersPutAroundJsonIsTakenOff() throws IOException {
        stream("time: t\nseries: [u]\nfeatures: [v]");
        String json = "{\"t\":1700000000,\"u\":\"x\",\"v\":1}";
        byte[] plain = json.getBytes(StandardCharsets.UTF_8);
        for (byte[] wrapped : List.of(
                join(new byte[5], plain),
                join(new byte[9], plain),
                join(plain, new byte[1]),
                gzip(plain),
                bom(plain))) {
            assertThat(read(wrapped)).containsExactly("x 0 1.0");
        }
        assertThat(read(join(new byte[5], new byte[] {2, 9, 9}))).containsExactly("malformed");
        assertThat(decoder.detail()).contains("schema registry").contains("Avro or Protobuf");
        assertThat(read("flow,unit=p7 v=1 1700000000")).containsExactly("malformed");
        assertThat(decoder.detail()).contains("begins with \"flow,unit=p7");
    }

    @Test
    void linesOfInfluxAreEvents() throws IOException {
        stream("""
                format: influx
                time: timestamp
                series: [unit]
                features: [flow, {name: on, field: fields.on}, {name: n, field: fields.n}]
                where: {measurement: pump}
                """);
        assertThat(read("""
                # comment
                pump,unit=p7,a\\ b=c\\,d flow=48.5,on=t,n=3i,text="a, b=\\"c\\"" 1700000000000000000
                tank,unit=p7 flow=1 1700000000000000000
                pump,unit=p\\ 8 flow=1e3 1700000001000000000
                """.replace("\"", "\"")))
                .containsExactly("p7 0 48.5 1.0 3.0", "other-kind", "p 8 1 1000.0 NaN NaN");
        assertThat(read("pump,unit=p7")).containsExactly("malformed");
    }

    @Test
    void withoutATimestampTheFutureIsMeasuredFromTheClock() throws IOException {
        stream("time: t\nseries: [u]\nfeatures: [v]");
        var spec = StreamFile.read(folder.resolve("s.yaml"));
        decoder = new EventDecoder(spec, () -> Instant.ofEpochMilli(NOW));
        byte[] now = "{\"t\":1700000000,\"u\":\"x\",\"v\":1}".getBytes(StandardCharsets.UTF_8);
        byte[] later = "{\"t\":1700001000,\"u\":\"x\",\"v\":1}".getBytes(StandardCharsets.UTF_8);

        for (long produced : new long[] {-1, 0, NOW, NOW + 1_000_000_000_000L}) {
            assertThat(decoder.decode(null, now, produced, event)).isNull();
            assertThat(decoder.decode(null, later, produced, event)).isEqualTo(RejectReason.TOO_FAR_FUTURE);
        }
    }

    @Test
    void thePassesOfARepeatedHourAreToldApartByTheirOrder() throws IOException {
        stream("time: {field: t, zone: Europe/Berlin}\nseries: [u]\nfeatures: [v]");
        List<Long> minutes = new ArrayList<>();
        long from = Instant.parse("2024-10-26T23:30:00Z").toEpochMilli();
        for (String time : List.of("01:30", "02:00", "02:30", "02:00", "02:30", "03:00", "03:30")) {
            for (String unit : List.of("x", "y")) {
                decoder.decode(
                        null,
                        ("{\"t\":\"2024-10-27 " + time + "\",\"u\":\"" + unit + "\",\"v\":1}")
                                .getBytes(StandardCharsets.UTF_8),
                        Long.MAX_VALUE / 4,
                        event);
                if (unit.equals("y")) minutes.add((event.timeMs - from) / 60_000);
            }
        }
        assertThat(minutes).containsExactly(0L, 30L, 60L, 90L, 120L, 150L, 180L);
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] all = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static byte[] bom(byte[] text) {
        return join(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}, text);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        }
        return packed.toByteArray();
    }
}
