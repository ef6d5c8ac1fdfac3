package io.tidemark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.app.node.RoleName;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.image.decode.TestImages;
import io.tidemark.kafka.client.DeadLetter;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Records as producers really write them, through a broker and every role that an event meets, to their scores: what each stream sees of its
 * topic by series and status, and what its dead letters say. Binary formats are in {@link FormatsIT}, partitions that a topic gets while it is
 * read in {@code IngestRoleIT}.
 */
class CasesIT {
    private static final long NOW_S = Instant.now().getEpochSecond() - 3600;
    /** Steps that a series warms up for. */
    private static final int WARM = 30;

    private static final int EACH = 35;

    private final KafkaForTests broker = KafkaForTests.fresh();
    private final Map<String, StreamSpec> streams = new LinkedHashMap<>();
    private final Map<String, Map<String, Integer>> wanted = new TreeMap<>();
    private final Map<String, List<String>> details = new TreeMap<>();

    @TempDir
    Path folder;

    /** Sends records of one stream, which has a topic of its own, and says what is to become of them. */
    private void given(
            String name, String input, List<byte[]> records, Map<String, Integer> outcomes, String... letters)
            throws Exception {
        given(name, input, records, List.of(), null, outcomes, letters);
    }

    private void given(
            String name,
            String input,
            List<byte[]> records,
            List<byte[]> aborted,
            @Nullable Long timestamp,
            Map<String, Integer> outcomes,
            String... letters)
            throws Exception {
        String topic = broker.topic(name, 1);
        String text = "stream: " + name + "\nnetworks: []\n"
                + (input.contains("format: image") ? "" : "step: event\n") + "input:\n  topic: " + topic + "\n"
                + input.indent(2);
        streams.put(name, StreamFile.read(Files.writeString(folder.resolve(name + ".yaml"), text)));
        wanted.put(name, new TreeMap<>(outcomes));
        details.put(name, List.of(letters));
        Map<String, Object> settings =
                aborted.isEmpty() ? Map.of() : Map.of("transactional.id", broker.prefix() + name);
        try (Producer<byte[], byte[]> producer = broker.producer(settings)) {
            if (!aborted.isEmpty()) {
                producer.initTransactions();
                producer.beginTransaction();
                for (byte[] record : aborted) producer.send(new ProducerRecord<>(topic, record));
                producer.flush();
                producer.abortTransaction();
                producer.beginTransaction();
            }
            for (byte[] record : records) {
                producer.send(new ProducerRecord<>(
                        topic, 0, timestamp, "cam-1".getBytes(UTF_8), record.length == 0 ? null : record));
            }
            if (!aborted.isEmpty()) producer.commitTransaction();
        }
    }

    private static byte[] text(String format, Object... arguments) {
        return String.format(Locale.ROOT, format.replace('\'', '"'), arguments).getBytes(UTF_8);
    }

    private static List<byte[]> each(IntFunction<byte[]> record) {
        return new ArrayList<>(IntStream.range(0, EACH).mapToObj(record).toList());
    }

    private static double value(int i) {
        return 20 + (i * 7919 % 13) / 10.0;
    }

    /** A series of {@link #EACH} good events warms up and is then scored. */
    private static Map<String, Integer> scored(String series) {
        return Map.of(series + " warming-up", WARM, series + " scored", EACH - WARM);
    }

    private static Map<String, Integer> and(Map<String, Integer> some, Map<String, Integer> others) {
        Map<String, Integer> all = new TreeMap<>(some);
        all.putAll(others);
        return all;
    }

    private void texts() throws Exception {
        List<byte[]> js =
                each(i -> text("{'shop':'s1','ts':%d,'orders':%d,'ok':true}", (NOW_S + i) * 1000, 30 + i % 5));
        js.add(text("{'shop':'s1','ts':%d,'orders':3", NOW_S * 1000));
        given(
                "js",
                "time: ts\nseries: [shop]\nfeatures: [orders, ok]",
                js,
                and(scored("s1"), Map.of(" rejected", 1)),
                "is not a whole json");

        List<byte[]> csv = each(i -> text("%d,p1,%.2f", NOW_S + i, value(i)));
        csv.add(text("%d,p1,%.2f,7", NOW_S + EACH, 2.0));
        given(
                "csv",
                "format: csv\ntime: at\nseries: [pump]\nfeatures: [flow]\ncsv: {header: [at, pump, flow], header-line: false}",
                csv,
                and(scored("p1"), Map.of(" rejected", 1)),
                "cells");

        List<byte[]> influx = each(i -> text("cpu,host=a idle=%.2f,user=3i %d000000000", value(i), NOW_S + i));
        influx.add(text("mem,host=a used=3i %d000000000", NOW_S));
        influx.add(text("cpu,host=a idle= %d", NOW_S));
        given(
                "influx",
                "format: influx\ntime: timestamp\nseries: [tags.host]\nfeatures: [idle, user]\nwhere: {measurement: cpu}",
                influx,
                and(scored("a"), Map.of(" rejected", 1)),
                "is not a whole influx");

        List<byte[]> telegraf = each(i -> text(
                "{'metrics':[{'fields':{'idle':%.2f},'name':'cpu','tags':{'host':'a'},'timestamp':%d},"
                        + "{'fields':{'used':5},'name':'mem','tags':{'host':'a'},'timestamp':%2$d}]}",
                value(i), NOW_S + i));
        given(
                "telegraf",
                "time: timestamp\nseries: [tags.host]\nfeatures: [fields.idle]\nwhere: {name: cpu}\nrecords: metrics",
                telegraf,
                scored("a"));

        List<byte[]> collectd = each(i -> text(
                "[{'values':[%.2f],'dstypes':['gauge'],'dsnames':['value'],'time':%d.350,'interval':1.000,'host':'web-1',"
                        + "'plugin':'cpu','plugin_instance':'','type':'percent','type_instance':'user'}]",
                value(i), NOW_S + i));
        collectd.add(text(
                "[{'values':[null],'dsnames':['value'],'time':%d,'host':'web-1','plugin':'cpu','plugin_instance':'','type':'percent','type_instance':'user'}]",
                NOW_S + EACH));
        given(
                "collectd",
                "time: time\nseries: [host, plugin, plugin_instance, type, type_instance]\nfeatures: [value]\n"
                        + "long: {name: dsnames, value: values}\nrecords: ''",
                collectd,
                and(scored("web-1/cpu//percent/user"), Map.of("web-1/cpu//percent/user rejected", 1)),
                "value");

        List<byte[]> prom = each(i -> text(
                "{'timestamp':'%s','value':'%.2f','name':'load1','labels':{'instance':'n:9100'}}",
                Instant.ofEpochSecond(NOW_S + i), value(i)));
        prom.add(text(
                "{'timestamp':'%s','value':'7','name':'go_gc','labels':{'instance':'n:9100'}}",
                Instant.ofEpochSecond(NOW_S)));
        given(
                "prom",
                "time: timestamp\nseries: [labels.instance]\nfeatures: [load1, up]\nlong: {name: name, value: value, unknown: ignore}",
                prom,
                scored("n:9100"));

        List<byte[]> events = each(i -> text(
                "{'specversion':'1.0','type':'reading','source':'pump-1','id':'%d','time':'%s','data':{'flow':%.2f}}",
                i, Instant.ofEpochSecond(NOW_S + i), value(i)));
        given("events", "time: time\nseries: [source]\nfeatures: [data.flow]", events, scored("pump-1"));

        List<byte[]> debezium = each(i -> text(
                "{'schema':{'type':'struct'},'payload':{'before':null,'after':{'device':'press-4','temp':%.2f,'price':'AAAwOQ=='},"
                        + "'source':{'ts_ms':%d},'op':'c'}}",
                value(i), (NOW_S + i) * 1000));
        debezium.add(text(
                "{'payload':{'before':{'device':'press-4'},'after':null,'source':{'ts_ms':%d},'op':'d'}}",
                NOW_S * 1000));
        debezium.add(new byte[0]);
        given(
                "debezium",
                "time: payload.source.ts_ms\nseries: [payload.after.device]\n"
                        + "features: [{name: temp, field: payload.after.temp}, {name: price, field: payload.after.price}]\n"
                        + "where: {payload.op: [c, u, r]}",
                debezium,
                scored("press-4"));

        List<byte[]> wire = each(i -> {
            byte[] json = text("\uFEFF {'u':'a','at':%d,'v':%.2f}\r\n", NOW_S + i, value(i));
            return i % 2 == 0
                    ? json
                    : ByteBuffer.allocate(json.length + 5)
                            .put((byte) 0)
                            .putInt(7)
                            .put(json)
                            .array();
        });
        wire.add(ByteBuffer.allocate(12)
                .put((byte) 0)
                .putInt(7)
                .put(new byte[] {2, 8, 0, 0, 0, 64, 64})
                .array());
        given("wire", "time: at\nseries: [u]\nfeatures: [v]", wire, and(scored("a"), Map.of(" rejected", 1)), "Avro");

        List<String> written = List.of(
                "\"12.5\"",
                "\"1e1\"",
                "\"+15\"",
                "\" 7 \"",
                "\"#N/A\"",
                "\"--\"",
                "true",
                "null",
                "\"1,5\"",
                "\"12 C\"");
        List<byte[]> odd = each(i ->
                text("{'u':'a','at':%d,'v':" + written.get(i % written.size()) + ",'w':%.2f}", NOW_S + i, value(i)));
        given("odd", "time: at\nseries: [u]\nfeatures: [v, w]", odd, scored("a"));

        List<byte[]> keys = new ArrayList<>();
        for (int i = 0; i < EACH; i++) {
            keys.add(text("{'s':'a/b','u':'c','at':%d,'v':%.2f}", NOW_S + i, value(i)));
            keys.add(text("{'s':'a','u':'b/c','at':%d,'v':%.2f}", NOW_S + i, value(i)));
        }
        given("keys", "time: at\nseries: [s, u]\nfeatures: [v]", keys, and(scored("a%2Fb/c"), scored("a/b%2Fc")));
    }

    private void clocks() throws Exception {
        IntFunction<byte[]> plain = i -> text("{'u':'a','at':%d,'v':%.2f}", NOW_S + i, value(i));
        String input = "time: at\nseries: [u]\nfeatures: [v]";
        given("etime", input, each(plain), List.of(), 0L, scored("a"));

        List<byte[]> future = each(plain);
        future.add(10, text("{'u':'a','at':'2099-01-01T00:00:00Z','v':2}"));
        given("future", input, future, and(scored("a"), Map.of("a rejected", 1)), "");

        given("tx", input, each(plain), each(i -> text("{'u':'b','at':%d,'v':1}", NOW_S + i)), null, scored("a"));
    }

    private void frames() throws Exception {
        // frames of one millisecond that are the same would be one
        List<String> base64 = IntStream.range(0, 4)
                .mapToObj(i -> Base64.getEncoder().encodeToString(TestImages.plain(16, 150 + i)))
                .toList();
        List<byte[]> frames = new ArrayList<>(List.of(
                TestImages.plain(16, 80),
                text("{'image':'%s'}", base64.get(0)),
                base64.get(1).getBytes(UTF_8),
                text("data:image/png;base64,%s", base64.get(2)),
                text(
                        "{'specversion':'1.0','type':'frame','source':'cam-2','id':'1','data_base64':'%s'}",
                        base64.get(3)),
                TestImages.opaquePng(16, 0x406080),
                TestImages.encode(TestImages.deep(16, 30_000), "png"),
                text("{'image':'nothing'}")));
        Map<String, Integer> outcomes = Map.of("cam-1 warming-up", 7, "cam-1 rejected", 1);
        given(
                "cam",
                "format: image\nimage: {width: 16, height: 16, channels: 1, max-bytes: 1MiB}",
                frames,
                outcomes,
                "PNG");
    }

    @Test
    void recordsAsProducersWriteThemBecomeScoresAndWhatCannotBeReadADeadLetterThatSaysWhy() throws Exception {
        texts();
        clocks();
        frames();
        KafkaConnection kafka = broker.connection();
        WholePath.createTopics(kafka);
        try (WholePath path = WholePath.start(
                kafka,
                List.copyOf(streams.values()),
                EnumSet.of(RoleName.INGEST, RoleName.WORKER, RoleName.VERDICT),
                folder.resolve("state"))) {
            Eventually.passes(Duration.ofSeconds(40), () -> {
                var found = OutcomeTally.byStream(
                        broker,
                        score -> score.path("series").asText() + " "
                                + score.path("status").asText());
                assertThat(path.failure()).isEmpty();
                assertThat(found).isEqualTo(wanted);
            });
        }
        Map<String, TreeSet<String>> letters = new TreeMap<>();
        broker.readAll(
                List.of(kafka.names().deadLetters()),
                letter -> letters.computeIfAbsent(
                                new String(
                                        letter.headers()
                                                .lastHeader("tidemark.stream")
                                                .value(),
                                        UTF_8),
                                stream -> new TreeSet<>())
                        .add(new String(
                                letter.headers().lastHeader(DeadLetter.DETAIL).value(), UTF_8)));
        details.forEach((name, said) -> {
            for (String part : said) assertThat(letters.get(name)).as(name).anyMatch(detail -> detail.contains(part));
        });
    }
}
