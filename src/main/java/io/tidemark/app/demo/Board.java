package io.tidemark.app.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.app.console.Columns;
import io.tidemark.app.console.LiveTable;
import io.tidemark.kafka.client.KafkaConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * What the demo knows of its streams, read from {@code scores} and {@code alerts} as any user would: counts, the last score of each
 * series, open alerts, and which faults were found. One thread.
 */
public final class Board implements AutoCloseable {
    /** The columns of the table that {@link #rows} fills. */
    public static final Columns COLUMNS = new Columns(
            Columns.name("series", 24),
            Columns.text("feature", 8),
            Columns.number("value", 9),
            Columns.number("expected", 19),
            Columns.number("score", 6),
            Columns.text("", 10),
            Columns.text("alert", 30));

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NEWS = 6;

    private record Line(String feature, double value, double lower, double upper, double score, String status) {}

    private final Consumer<byte[], byte[]> consumer;
    private final String scores;
    private FaultTally tally = new FaultTally(List.of(), 0);
    private long liveMs = Long.MAX_VALUE;
    private final Map<String, Line> lines = new TreeMap<>();
    private final Map<String, String> openAlerts = new HashMap<>();
    private final Map<String, Long> statuses = new TreeMap<>();
    private final Deque<String> news = new ArrayDeque<>();
    private long outcomes;
    private int hostAlerts;

    public Board(KafkaConnection kafka) {
        scores = kafka.names().scores();
        consumer = kafka.consumer(Map.of("client.id", "demo-board", "max.poll.records", "5000"));
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : List.of(scores, kafka.names().alerts())) {
            consumer.partitionsFor(topic).forEach(p -> partitions.add(new TopicPartition(topic, p.partition())));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Reads what has come, waiting so long for the first of it. */
    public void poll(Duration within) {
        try {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(within)) {
                JsonNode node = JSON.readTree(record.value());
                if (record.topic().equals(scores)) score(node);
                else alert(node);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void score(JsonNode node) {
        int events = 0;
        for (JsonNode range : node.path("events")) events += range.path("count").asInt(1);
        outcomes += events;
        String status = node.path("status").asText();
        statuses.merge(status, (long) events, Long::sum);
        String feature = strangest(node);
        if (feature.isEmpty()) return;
        lines.put(
                node.path("stream").asText() + "/" + node.path("series").asText(),
                new Line(
                        feature,
                        number(node, "values", feature),
                        number(node, "lower", feature),
                        number(node, "upper", feature),
                        node.path("score").asDouble(Double.NaN),
                        status));
    }

    private static String strangest(JsonNode node) {
        JsonNode shares = node.has("contribution") ? node.get("contribution") : node.path("values");
        String strangest = "";
        double most = Double.NEGATIVE_INFINITY;
        for (Map.Entry<String, JsonNode> share : shares.properties()) {
            if (share.getValue().asDouble() > most) {
                most = share.getValue().asDouble();
                strangest = share.getKey();
            }
        }
        return strangest;
    }

    private static double number(JsonNode node, String field, String feature) {
        return node.path(field).path(feature).asDouble(Double.NaN);
    }

    private void alert(JsonNode node) {
        String series = node.path("stream").asText() + "/" + node.path("series").asText();
        Instant since = Instant.parse(node.path("since").asText());
        if (!node.path("state").asText().equals("open")) {
            openAlerts.remove(series);
            return;
        }
        boolean fleet = node.path("stream").asText().equals("machines");
        if (fleet && since.toEpochMilli() < liveMs) return;
        String top = node.path("features").path(0).path("name").asText();
        openAlerts.put(series, top);
        String verdict = "";
        if (fleet) {
            int machine = Integer.parseInt(node.path("series").asText().replaceAll("\\D", "")) - 1;
            boolean owned = tally.opened(node.path("id").asText(), machine, since.toEpochMilli());
            verdict = owned ? "an injected fault" : "no fault was injected";
        } else {
            hostAlerts++;
        }
        news.addFirst(since + "  " + node.path("summary").asText(series + "  " + top)
                + (verdict.isEmpty() ? "" : "  (" + verdict + ")"));
        while (news.size() > NEWS) news.removeLast();
    }

    /**
     * Counts alerts of the fleet; until then there is none.
     *
     * @param since simulated time from which they count
     */
    public void count(FaultTally faults, long since) {
        tally = faults;
        liveMs = since;
    }

    /** Events that have an outcome. */
    public long outcomes() {
        return outcomes;
    }

    /** Events by status. */
    public Map<String, Long> statuses() {
        return Map.copyOf(statuses);
    }

    /** Alerts on this machine's own metrics. */
    public int hostAlerts() {
        return hostAlerts;
    }

    /** The newest alerts, newest first. */
    public List<String> news() {
        return List.copyOf(news);
    }

    /** One row for each series. */
    public List<LiveTable.Row> rows() {
        List<LiveTable.Row> rows = new ArrayList<>();
        lines.forEach((series, line) -> {
            String alert = openAlerts.getOrDefault(series, "");
            boolean scored = line.status().equals("scored");
            rows.add(new LiveTable.Row(
                    List.of(
                            series,
                            line.feature(),
                            format(line.value()),
                            scored ? format(line.lower()) + " .. " + format(line.upper()) : "",
                            scored ? String.format(Locale.ROOT, "%.2f", line.score()) : "",
                            scored ? "▇".repeat((int) Math.round(10 * line.score())) : line.status(),
                            alert.isEmpty() ? "" : "OPEN: " + alert),
                    !alert.isEmpty()));
        });
        return rows;
    }

    private static String format(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.1f", value);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
