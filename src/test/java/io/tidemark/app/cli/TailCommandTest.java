package io.tidemark.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.kafka.client.KafkaForTests;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class TailCommandTest {
    private static final String SCORED =
            "{\"version\":1,\"stream\":\"pumps\",\"series\":\"p1\",\"time\":\"2026-01-01T00:00:00Z\","
                    + "\"status\":\"scored\",\"score\":0.91,\"alert_score\":0.8,\"values\":{\"flow\":12.5,\"pressure\":1},"
                    + "\"expected\":{\"flow\":3},\"lower\":{\"flow\":2},\"upper\":{\"flow\":4},\"contribution\":{\"flow\":97.0}}";
    private static final String LATE =
            "{\"version\":1,\"stream\":\"fans\",\"series\":\"f1\",\"status\":\"late\",\"reason\":\"closed\",\"events\":[]}";

    private final KafkaForTests kafka = KafkaForTests.fresh();

    private CommandLineSession tail(String... further) {
        String[] arguments = new String[further.length + 5];
        String[] fixed = {"tail", "--bootstrap", kafka.bootstrap(), "--prefix", kafka.prefix()};
        System.arraycopy(fixed, 0, arguments, 0, fixed.length);
        System.arraycopy(further, 0, arguments, fixed.length, further.length);
        return CommandLineSession.of(arguments);
    }

    @Test
    void scoresAreALineEachWithWhatWasExpected() {
        String topic = kafka.topic("scores", 2);
        kafka.send(topic, "pumps/p1".getBytes(UTF_8), SCORED.getBytes(UTF_8));
        kafka.send(topic, "fans/f1".getBytes(UTF_8), LATE.getBytes(UTF_8));
        var session = tail("scores", "--to-end");
        assertThat(session.exitCode()).isZero();
        assertThat(session.out())
                .contains("time", "status")
                .contains("scored       0.910   0.800  flow 12.50 (3.000, 2.000 .. 4.000)")
                .contains("late             -       -  closed");
        assertThat(tail("scores", "--to-end", "--json", "--stream", "fans").out())
                .isEqualToIgnoringNewLines(LATE);
        assertThat(tail("scores", "--max", "1", "--json").out().lines()).hasSize(1);
    }

    @Test
    void uncommittedRecordsAreNotShown() {
        String topic = kafka.topic("alerts", 1);
        try (var producer =
                kafka.producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, kafka.prefix() + "verdict"))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, "{\"state\":\"open\"}".getBytes(UTF_8)));
            producer.flush();
            assertThat(tail("alerts", "--json", "--for", "300ms").out()).isEmpty();
            producer.commitTransaction();
        }
        assertThat(tail("alerts", "--json", "--max", "1", "--for", "20s").out())
                .isEqualToIgnoringNewLines("{\"state\":\"open\"}");
    }

    @Test
    void aDeadLetterShowsItsHeadersAndBytesThatAreNoTextInBase64() {
        String topic = kafka.topic("dead-letters", 1);
        try (var producer = kafka.producer(Map.of())) {
            var headers = new RecordHeaders().add("tidemark.reason", "malformed".getBytes(UTF_8));
            producer.send(new ProducerRecord<>(topic, 0, "p1".getBytes(UTF_8), new byte[] {(byte) 0xff, 0}, headers));
        }
        var json = tail("dead-letters", "--json", "--to-end");
        assertThat(json.out()).contains("\"reason\":\"malformed\"").contains("\"value_base64\":\"/wA=\"");
        assertThat(tail("dead-letters", "--to-end").out()).contains("malformed");
    }

    private static String alert(int number) {
        return "{\"stream\":\"" + (number % 4 == 0 ? "fans" : "pumps") + "\",\"n\":" + number + "}";
    }

    /** Alerts numbered by their timestamps, over three partitions, the first half in transactions of one record. */
    private void alerts(int count) {
        String topic = kafka.topic("alerts", 3);
        try (var single = kafka.producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, kafka.prefix() + "verdict"));
                var plain = kafka.producer(Map.of())) {
            single.initTransactions();
            for (int i = 0; i < count; i++) {
                var record = new ProducerRecord<byte[], byte[]>(
                        topic, i % 3, 1_000_000_000_000L + 1000L * i, null, alert(i).getBytes(UTF_8));
                if (i >= count / 2) {
                    plain.send(record);
                    continue;
                }
                single.beginTransaction();
                single.send(record);
                single.commitTransaction();
            }
        }
    }

    private static String numbers(CommandLineSession session) {
        assertThat(session.exitCode()).as(session.err()).isZero();
        return session.out().replaceAll("[^0-9\n]", "").strip().replace("\n", " ");
    }

    @Test
    void theNewestRecordsComeFirstOfAllPartitionsTogetherAndThenThoseThatAreWritten() {
        alerts(240);
        assertThat(numbers(tail("alerts", "--json", "--to-end"))).isEqualTo("230 231 232 233 234 235 236 237 238 239");
        assertThat(numbers(tail("alerts", "--json", "--to-end", "--last", "2"))).isEqualTo("238 239");
        assertThat(numbers(tail("alerts", "--json", "--max", "3"))).isEqualTo("237 238 239");
        assertThat(numbers(tail("alerts", "--json", "--to-end", "--last", "0"))).isEmpty();
        assertThat(numbers(tail("alerts", "--json", "--to-end", "--last", "3", "--stream", "fans")))
                .isEqualTo("228 232 236");
        assertThat(tail("alerts", "--json", "--to-end", "--last", "10000", "--stream", "fans")
                        .out()
                        .lines())
                .hasSize(60);
        assertThat(tail("alerts", "--json", "--to-end", "--from", "2001-09-09T01:50:34Z")
                        .out()
                        .lines())
                .hasSize(6);
        assertThat(numbers(tail("alerts", "--json", "--to-end", "--from", "latest")))
                .isEmpty();
        assertThat(tail("alerts", "--json", "--to-end", "--from", "earliest")
                        .out()
                        .lines())
                .hasSize(240);
    }

    @Test
    void whereToBeginIsSaidOnceAndUnderstood() {
        assertThat(tail("alerts", "--last", "3", "--from", "earliest").err()).contains("give one of them");
        assertThat(tail("alerts", "--last", "-1").err()).contains("--last must be in [0, 10000], but was -1");
        assertThat(tail("alerts", "--from", "yesterday").err())
                .contains("--from must be earliest, latest or a past time");
    }

    @Test
    void aStreamThatIsNotThereIsAnsweredWithThoseThatAre() {
        String topic = kafka.topic("scores", 1);
        kafka.send(topic, "pumps/p1".getBytes(UTF_8), SCORED.getBytes(UTF_8));
        kafka.send(topic, "fans/f1".getBytes(UTF_8), LATE.getBytes(UTF_8));
        assertThat(tail("scores", "--to-end", "--stream", "pmups").err())
                .contains("no record there is of stream pmups; there are some of fans, pumps");
        assertThat(tail("scores", "--to-end", "--stream", "fans").err()).isEmpty();
        assertThat(tail("scores", "--to-end", "--stream", "fans", "--series", "x")
                        .err())
                .isEmpty();
    }

    @Test
    void aMissingTopicIsNamed() {
        var session = tail("forecasts");
        assertThat(session.exitCode()).isEqualTo(1);
        assertThat(session.err()).contains("there is no topic " + kafka.prefix() + "forecasts; check --prefix");
    }
}
