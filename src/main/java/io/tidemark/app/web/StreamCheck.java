package io.tidemark.app.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.app.node.StreamCost;
import io.tidemark.app.node.StreamTrial;
import io.tidemark.config.Problem;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.BrokerException;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.net.network.Zoo;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import org.apache.kafka.common.KafkaException;

/**
 * Reads the text of a stream file as {@code tidemark streams check} reads the file, at most {@value #A_SECOND} a second, and tries it on the newest
 * {@value #TRIED} records as {@code tidemark streams try} does; both of everybody together. Writes nothing. Safe for any thread.
 */
final class StreamCheck {
    static final int A_SECOND = 5;
    static final int CHARS_MAX = 64 << 10;
    static final int TRIED = 20;
    private static final int PROBLEMS_MAX = 50;
    private static final int ROWS_MAX = 100;
    private static final Duration QUIET = Duration.ofSeconds(3);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KafkaConnection connection;
    private final Set<String> topics = new TreeSet<>();
    private final Zoo zoo;
    private final InstantSource clock;
    private final Semaphore tries = new Semaphore(1);
    private long second;
    private int inSecond;

    /** @param streams whose topics may be tried */
    StreamCheck(KafkaConnection connection, Collection<StreamSpec> streams, Zoo zoo, InstantSource clock) {
        this.connection = connection;
        for (StreamSpec stream : streams) topics.add(stream.input().topic());
        this.zoo = zoo;
        this.clock = clock;
    }

    /**
     * What is wrong with a text, with lines from 1 where they are known, and what the stream would take.
     *
     * @param body its {@code file} is the text
     * @return empty when there were too many in this second
     * @throws IllegalArgumentException when there is no text, or too much
     */
    Optional<ObjectNode> check(JsonNode body) {
        String text = text(body);
        if (!mayCheck()) return Optional.empty();
        List<Problem> problems = new ArrayList<>();
        StreamSpec spec = StreamFile.parse("file", text, problems);
        ObjectNode json = JSON.createObjectNode();
        if (problems.isEmpty()) {
            StreamCost cost = StreamCost.of(spec, zoo);
            cost.problems().forEach(problem -> problems.add(new Problem("file", 0, problem)));
            json.put("cost", cost.describe());
        }
        json.put("valid", problems.isEmpty());
        ArrayNode all = json.putArray("problems");
        for (Problem problem : problems.subList(0, Math.min(PROBLEMS_MAX, problems.size()))) {
            ObjectNode one = all.addObject().put("message", problem.message());
            if (problem.line() > 0) one.put("line", problem.line());
        }
        return Optional.of(json);
    }

    /**
     * What would become of the newest records of the topic that a text names, as {@code tidemark streams try} says it; one at a time.
     *
     * @return empty while another one is tried
     * @throws IllegalArgumentException when the text is no valid stream of rows, or names a topic that no declared stream reads
     * @throws IllegalStateException when the topic cannot be read
     */
    Optional<ObjectNode> attempt(JsonNode body) {
        List<Problem> problems = new ArrayList<>();
        StreamSpec spec = StreamFile.parse("file", text(body), problems);
        if (!problems.isEmpty()) throw new IllegalArgumentException("mend the file first: " + problems.get(0));
        if (!topics.contains(spec.input().topic())) {
            throw new IllegalArgumentException("the console reads only topics of declared streams: " + topics);
        }
        StreamTrial trial = new StreamTrial(spec, clock);
        if (!tries.tryAcquire()) return Optional.empty();
        try {
            ObjectNode json = JSON.createObjectNode();
            ArrayNode rows = json.putArray("rows");
            int records = trial.read(connection, TRIED, QUIET, row -> {
                if (rows.size() < ROWS_MAX) row(rows.addObject(), row);
            });
            json.put("records", records).put("bad_values", trial.badValues());
            trial.outcomes().forEach(json.putObject("outcomes")::put);
            return Optional.of(json);
        } catch (BrokerException | KafkaException e) {
            throw new IllegalStateException(
                    "topic " + spec.input().topic() + " cannot be read by the console: " + e.getMessage(), e);
        } finally {
            tries.release();
        }
    }

    private static void row(ObjectNode into, StreamTrial.Row row) {
        into.put("partition", row.partition()).put("offset", row.offset());
        into.put("outcome", row.outcome()).put("series", row.series());
        if (row.timeMs() != 0) into.put("time", row.timeMs());
        into.put("detail", row.detail());
    }

    private static String text(JsonNode body) {
        String text = body.path("file").asText();
        if (!body.path("file").isTextual() || text.length() > CHARS_MAX) {
            throw new IllegalArgumentException("file must be a text of at most " + CHARS_MAX + " characters");
        }
        return text;
    }

    private synchronized boolean mayCheck() {
        long now = clock.millis() / 1000;
        if (now != second) {
            second = now;
            inSecond = 0;
        }
        return inSecond++ < A_SECOND;
    }
}
