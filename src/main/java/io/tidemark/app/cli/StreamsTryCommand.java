package io.tidemark.app.cli;

import io.tidemark.app.console.Columns;
import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.BrokerException;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.NewestRecords;
import io.tidemark.kafka.client.TopicEnds;
import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.event.EventDecoder;
import io.tidemark.series.event.RejectReason;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark streams try}: what would become of the newest records of a topic. */
@Command(
        name = "try",
        description = {
            "Reads the newest records of a stream's topic as the stream would, and prints what would become of each.",
            "Nothing is created, written or committed."
        },
        footer = {"", "Example:", "  tidemark streams try pumps --last 100 --bootstrap localhost:9092"})
final class StreamsTryCommand extends KafkaCommand {
    private static final Duration QUIET = Duration.ofSeconds(10);
    private static final int FEATURES_SHOWN = 4;

    @Parameters(paramLabel = "NAME|FILE", description = "the stream, by its name or its file")
    private String stream = "";

    @Option(
            names = "--last",
            paramLabel = "N",
            defaultValue = "20",
            description = "records, the newest of all partitions; in [1, 10000] (default: ${DEFAULT-VALUE})")
    private int last = 20;

    @Mixin
    private TopologyOptions topology = new TopologyOptions();

    private final Map<String, Integer> outcomes = new TreeMap<>();
    private int badValues;
    private int outside;

    @Override
    public Integer call() {
        if (last < 1 || last > 10_000) {
            throw wrong("--last must be in [1, 10000], but was " + last);
        }
        StreamSpec declared = topology.stream(stream);
        if (declared.input().image().isPresent()) {
            throw wrong("stream " + declared.name() + " is of images; try is for rows of values");
        }
        PrintWriter out = out();
        Columns columns = new Columns(
                Columns.text("record", 14),
                Columns.text("outcome", 16),
                Columns.name("series", 28),
                Columns.text("time", 24),
                Columns.text("values, or why not", 20));
        out.println(columns.header());
        EventDecoder decoder = new EventDecoder(declared, clock());
        DecodedEvent event = new DecodedEvent(declared.features());
        List<ConsumerRecord<byte[], byte[]>> records =
                newest(await(), declared.input().topic());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            decoder.open(record.key(), record.value(), name -> header(record, name), record.timestamp());
            while (decoder.next(event)) out.println(columns.line(cells(record, decoder, event, declared)));
        }
        String range = outside > 0 ? " in their valid-range" : "";
        String bad =
                badValues == 0 ? "" : "; " + badValues + " values are not numbers" + range + " and would be missing";
        out.println(records.size() + " records of " + declared.input().topic() + ": " + outcomes + bad);
        out.flush();
        return outcomes.containsKey("event") ? 0 : 1;
    }

    private static byte @Nullable [] header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header newest = record.headers().lastHeader(name);
        return newest == null ? null : newest.value();
    }

    private List<String> cells(
            ConsumerRecord<byte[], byte[]> record, EventDecoder decoder, DecodedEvent event, StreamSpec declared) {
        RejectReason reason = decoder.reason();
        String outcome = reason == null ? "event" : reason == RejectReason.OTHER_KIND ? "passed over" : reason.label();
        outcomes.merge(outcome, 1, Integer::sum);
        badValues += decoder.badValues();
        outside += decoder.outsideValues();
        List<String> cells = new ArrayList<>();
        cells.add(record.partition() + "/" + record.offset());
        cells.add(outcome);
        cells.add(event.series);
        cells.add(event.timeMs == 0 ? "-" : Instant.ofEpochMilli(event.timeMs).toString());
        String bad = decoder.badValues() > 0 ? "; " + decoder.badDetail() : "";
        cells.add(reason == null ? values(event, declared) + bad : decoder.detail());
        return cells;
    }

    private static String values(DecodedEvent event, StreamSpec declared) {
        StringBuilder shown = new StringBuilder();
        int count = 0;
        for (int i = 0; i < event.values().length; i++) {
            if (event.feature != DecodedEvent.WIDE && event.feature != i) continue;
            if (count++ == FEATURES_SHOWN) return shown.append(" …").toString();
            double value = event.values()[i];
            shown.append(shown.isEmpty() ? "" : ", ")
                    .append(declared.input().fields().features().get(i).name())
                    .append(' ')
                    .append(Double.isNaN(value) ? "missing" : String.format(Locale.ROOT, "%.6g", value));
        }
        return shown.toString();
    }

    /** The newest committed records of all partitions, in the order of their timestamps. */
    private List<ConsumerRecord<byte[], byte[]>> newest(KafkaConnection kafka, String topic) {
        Map<String, Object> settings = Map.of(
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        try (Consumer<byte[], byte[]> consumer = kafka.consumer(settings)) {
            List<TopicPartition> partitions = TopicEnds.partitions(consumer, topic);
            if (partitions.isEmpty()) throw new BrokerException("there is no topic " + topic);
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = NewestRecords.seek(consumer, partitions, partition -> last);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            long quietNanos = System.nanoTime();
            while (!ends.isEmpty() && System.nanoTime() - quietNanos < QUIET.toNanos()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    records.add(record);
                    quietNanos = System.nanoTime();
                }
                ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
            }
            records.sort(Comparator.comparingLong(ConsumerRecord::timestamp));
            return records.subList(Math.max(0, records.size() - last), records.size());
        }
    }
}
