package io.tidemark.app.cli;

import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.TopicEnds;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark tail}: what Tidemark says, as it says it. */
@Command(
        name = "tail",
        description = "Prints scores, forecasts, alerts, incidents, labels or dead letters as they are written.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark tail scores --stream pumps",
            "  tidemark tail alerts --from earliest --json",
            "  tidemark tail dead-letters --from earliest --to-end"
        })
final class TailCommand extends KafkaCommand {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int RECORD_BYTES_MAX = 64 << 20;

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
            throw new picocli.CommandLine.TypeConversionException(
                    "'" + label + "' is none of scores, forecasts, alerts, incidents, labels, dead-letters");
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

    /** Where to begin. */
    enum From {
        EARLIEST,
        LATEST
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
            names = "--from",
            paramLabel = "earliest|latest",
            defaultValue = "latest",
            description = "where to begin (default: ${DEFAULT-VALUE})")
    private From from = From.LATEST;

    @Option(names = "--to-end", description = "stop at the newest record there was at the start")
    private boolean toEnd;

    @Option(names = "--max", paramLabel = "N", description = "stop after so many records")
    private long max = Long.MAX_VALUE;

    @Option(names = "--for", paramLabel = "TIME", description = "stop after this time, such as 10s")
    private @Nullable Duration time;

    @Override
    public Integer call() {
        KafkaConnection connection = await();
        String topic = kind.topic(connection.names());
        try (Consumer<byte[], byte[]> consumer = connection.consumer(Map.of(
                // One record may be large; a poll of many must still fit the heap.
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                1 << 20,
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                RECORD_BYTES_MAX))) {
            List<TopicPartition> partitions = partitions(consumer, topic);
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = toEnd ? new HashMap<>(consumer.endOffsets(partitions)) : Map.of();
            if (from == From.EARLIEST) {
                consumer.seekToBeginning(partitions);
            } else {
                consumer.seekToEnd(partitions);
            }
            return follow(consumer, ends);
        }
    }

    private List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer, String topic) {
        List<TopicPartition> found = TopicEnds.partitions(consumer, topic);
        if (found.isEmpty()) {
            throw new io.tidemark.kafka.client.BrokerException("there is no topic " + topic
                    + "; check --prefix, or create Tidemark's topics with 'tidemark streams apply'");
        }
        return found;
    }

    private int follow(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        PrintWriter out = out();
        OutcomeLines lines = new OutcomeLines(kind, json);
        lines.header().ifPresent(out::println);
        long start = System.nanoTime();
        long printed = 0;
        while (printed < max) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (printed < max && lines.isWanted(record, stream, series)) {
                    out.println(lines.line(record));
                    printed++;
                }
            }
            out.flush();
            boolean late = time != null && System.nanoTime() - start >= time.toNanos();
            // A reader such as head that has gone away wants no more.
            if (late || out.checkError() || (toEnd && TopicEnds.areReached(consumer, ends))) {
                break;
            }
        }
        return 0;
    }
}
