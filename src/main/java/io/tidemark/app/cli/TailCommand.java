package io.tidemark.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.config.Nearest;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.NewestRecords;
import io.tidemark.kafka.client.OffsetReset;
import io.tidemark.kafka.client.TopicEnds;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark tail}: the newest of what Tidemark said, and then what it says, as it says it. */
@Command(
        name = "tail",
        description =
                "Prints the newest scores, forecasts, alerts, incidents, labels or dead letters, and goes on with those that are written.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark tail scores --stream pumps",
            "  tidemark tail alerts --last 50 --to-end",
            "  tidemark tail alerts --from 2026-01-01T00:00:00Z --json",
            "  tidemark tail dead-letters --from earliest --to-end"
        })
final class TailCommand extends KafkaCommand {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int RECORD_BYTES_MAX = 64 << 20;
    private static final int LAST = 10;
    private static final int LAST_MAX = 10_000;
    /** Offsets of a partition that are looked through for the newest records of one stream or series. */
    private static final int LOOKED_THROUGH = 16_384;

    private static final int STREAMS_NAMED = 20;

    /** What can be read, by the name of its topic. */
    enum Kind {
        SCORES,
        FORECASTS,
        ALERTS,
        INCIDENTS,
        LABELS,
        DEAD_LETTERS;

        /** As the command line names it. */
        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Kind of(String label) {
            for (Kind kind : values()) {
                if (kind.label().equals(label)) {
                    return kind;
                }
            }
            List<String> labels = Arrays.stream(values()).map(Kind::label).toList();
            throw new picocli.CommandLine.TypeConversionException(
                    "'" + label + "' is none of " + String.join(", ", labels)
                            + Nearest.of(label, Set.copyOf(labels))
                                    .map(near -> "; did you mean " + near + "?")
                                    .orElse(""));
        }

        /** Whether its records are keyed by stream and series. */
        boolean isOfSeries() {
            return this == SCORES || this == FORECASTS || this == ALERTS || this == LABELS;
        }

        String topic(TopicNames names) {
            return switch (this) {
                case SCORES -> names.scores();
                case FORECASTS -> names.forecasts();
                case ALERTS -> names.alerts();
                case INCIDENTS -> names.incidents();
                case LABELS -> names.labels();
                case DEAD_LETTERS -> names.deadLetters();
            };
        }
    }

    @Parameters(
            paramLabel = "scores|forecasts|alerts|incidents|labels|dead-letters",
            converter = KindConverter.class,
            description = "what to print")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private Kind kind;

    static final class KindConverter implements picocli.CommandLine.ITypeConverter<Kind> {
        @Override
        public Kind convert(String value) {
            return Kind.of(value);
        }
    }

    @Option(names = "--stream", paramLabel = "NAME", description = "only records of this stream")
    private @Nullable String stream;

    @Option(names = "--series", paramLabel = "KEY", description = "only records of this series")
    private @Nullable String series;

    @Option(names = "--json", description = "print one JSON object a line, as the topic holds it")
    private boolean json;

    @Option(
            names = "--last",
            paramLabel = "N",
            description = "begin with the newest N records, at most " + LAST_MAX + " (default: " + LAST + ")")
    private @Nullable Integer last;

    @Option(
            names = "--from",
            paramLabel = "WHERE",
            description =
                    "begin elsewhere: earliest, latest for new records alone, or a time such as 2026-01-01T00:00:00Z")
    private @Nullable String from;

    @Option(names = "--to-end", description = "stop at the newest record there was at the start")
    private boolean toEnd;

    @Option(names = "--max", paramLabel = "N", description = "stop after so many records")
    private long max = Long.MAX_VALUE;

    @Option(names = "--for", paramLabel = "TIME", description = "stop after this time, such as 10s")
    private @Nullable Duration time;

    @Override
    public Integer call() {
        if (last != null && from != null) throw wrong("--last and --from both say where to begin; give one of them");
        int newest = last == null ? LAST : last;
        if (newest < 0 || newest > LAST_MAX) throw wrong("--last must be in [0, " + LAST_MAX + "], but was " + newest);
        OffsetReset where = from == null ? OffsetReset.LATEST : where(from);
        KafkaConnection connection = await(kind::topic);
        String topic = kind.topic(connection.names());
        try (Consumer<byte[], byte[]> consumer = connection.consumer(Map.of(
                // One record may be large; a poll of many must still fit the heap.
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                1 << 20,
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                RECORD_BYTES_MAX))) {
            List<TopicPartition> partitions = TopicEnds.partitions(consumer, topic);
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            OutcomeLines lines = new OutcomeLines(kind, json);
            List<ConsumerRecord<byte[], byte[]>> first = List.of();
            if (from == null) first = newest(consumer, ends, lines, newest);
            else seek(consumer, partitions, where);
            // a broker finds a marker of a transaction too, whose time is its own
            long fromMs = where.time().map(Instant::toEpochMilli).orElse(Long.MIN_VALUE);
            return follow(consumer, lines, first, fromMs, ends);
        }
    }

    private OffsetReset where(String said) {
        try {
            return OffsetReset.parse(said, clock());
        } catch (IllegalArgumentException e) {
            throw wrong("--from must be earliest, latest or a past time such as 2026-01-01T00:00:00Z, but was " + said);
        }
    }

    private static void seek(Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions, OffsetReset where) {
        if (where.equals(OffsetReset.LATEST)) {
            consumer.seekToEnd(partitions);
            return;
        }
        consumer.seekToBeginning(partitions);
        where.time().ifPresent(time -> {
            Map<TopicPartition, Long> times = new HashMap<>();
            for (TopicPartition partition : partitions) times.put(partition, time.toEpochMilli());
            consumer.offsetsForTimes(times).forEach((partition, found) -> {
                if (found != null) consumer.seek(partition, found.offset());
                else consumer.seekToEnd(List.of(partition));
            });
        });
    }

    /** The newest wanted records before the ends, where the consumer then stands. */
    private List<ConsumerRecord<byte[], byte[]>> newest(
            Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends, OutcomeLines lines, int most) {
        boolean any = stream == null && series == null;
        Set<String> others = new TreeSet<>();
        NewestRecords.Found found = NewestRecords.before(
                consumer, ends, (int) Math.min(most, max), any ? Integer.MAX_VALUE : LOOKED_THROUGH, record -> {
                    boolean wanted = lines.isWanted(record, stream, series);
                    if (!wanted && kind.isOfSeries() && record.key() != null && others.size() < STREAMS_NAMED) {
                        others.add(streamOf(record));
                    }
                    return wanted;
                });
        if (stream != null && found.records().isEmpty() && !others.isEmpty() && !others.contains(stream)) {
            say("no record there is of stream " + stream + "; there are some of " + String.join(", ", others));
        }
        if (!found.complete()) {
            err().println("only the newest " + LOOKED_THROUGH
                    + " records of each partition were looked through; --from earliest" + " goes through all");
        }
        return found.records();
    }

    private static String streamOf(ConsumerRecord<byte[], byte[]> record) {
        String key = new String(record.key(), UTF_8);
        int end = key.indexOf('/');
        return end < 0 ? key : key.substring(0, end);
    }

    private int follow(
            Consumer<byte[], byte[]> consumer,
            OutcomeLines lines,
            List<ConsumerRecord<byte[], byte[]>> first,
            long fromMs,
            Map<TopicPartition, Long> ends) {
        PrintWriter out = out();
        lines.header().ifPresent(out::println);
        first.forEach(record -> out.println(lines.line(record)));
        out.flush();
        long start = System.nanoTime();
        long printed = first.size();
        while (printed < max && !(toEnd && TopicEnds.areReached(consumer, ends))) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (printed < max && record.timestamp() >= fromMs && lines.isWanted(record, stream, series)) {
                    out.println(lines.line(record));
                    printed++;
                }
            }
            out.flush();
            boolean late = time != null && System.nanoTime() - start >= time.toNanos();
            // A reader such as head that has gone away wants no more.
            if (late || out.checkError()) {
                break;
            }
        }
        return 0;
    }
}
