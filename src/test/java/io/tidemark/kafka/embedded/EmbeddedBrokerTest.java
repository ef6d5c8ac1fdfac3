package io.tidemark.kafka.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.kafka.client.BrokerException;
import io.tidemark.kafka.client.BrokerReadiness;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.kafka.client.TopicSpec;
import io.tidemark.kafka.client.Topics;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmbeddedBrokerTest {
    private Path folder = Path.of("");

    @BeforeEach
    void makeFolder() {
        folder = KafkaForTests.temporaryFolder();
    }

    @AfterEach
    void deleteFolder() {
        KafkaForTests.delete(folder);
    }

    @Test
    void aCommittedTransactionIsReadAndAnAbortedOneIsNot() throws Exception {
        var kafka = KafkaForTests.fresh();
        String topic = kafka.topic("transactions", 1);
        try (var producer = kafka.producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, kafka.prefix() + "writer"))) {
            producer.initTransactions();
            for (String value : List.of("first", "withdrawn", "second")) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(topic, value.getBytes(UTF_8)));
                if (value.equals("withdrawn")) {
                    producer.flush();
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }
        assertThat(kafka.read(topic, 2))
                .extracting(record -> new String(record.value(), UTF_8))
                .containsExactly("first", "second");
    }

    @Test
    void aRecordOfTenMebibytesPasses() {
        var kafka = KafkaForTests.fresh();
        String topic = kafka.topic("large", 1);
        int bytes = 10 * 1024 * 1024;
        try (var producer = kafka.producer(Map.of(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                bytes + 1024,
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                2 * bytes))) {
            producer.send(new ProducerRecord<>(topic, new byte[bytes]));
            producer.flush();
        }
        assertThat(kafka.read(topic, 1))
                .singleElement()
                .satisfies(record -> assertThat(record.value()).hasSize(bytes));
    }

    @Test
    void dataSurvivesARestartOnOtherPorts() {
        String before;
        try (EmbeddedBroker broker = EmbeddedBroker.inProcess(folder)) {
            before = broker.bootstrap();
            createTopic(broker.bootstrap(), "kept");
            produce(broker.bootstrap(), "kept", "survivor");
        }
        try (EmbeddedBroker broker = EmbeddedBroker.inProcess(folder)) {
            assertThat(broker.bootstrap()).isNotEqualTo(before);
            assertThat(consume(broker.bootstrap(), "kept")).containsExactly("survivor");
        }
    }

    @Test
    void aSecondBrokerInTheSameFolderIsRefusedWithASentence() {
        try (EmbeddedBroker broker = EmbeddedBroker.inProcess(folder)) {
            assertThat(broker.bootstrap()).startsWith("127.0.0.1:");
            assertThatThrownBy(() -> EmbeddedBroker.inProcess(folder))
                    .isInstanceOf(BrokerException.class)
                    .hasMessage("the broker folder " + folder
                            + " is used by another broker; stop it or choose another folder");
        }
    }

    @Test
    void aTakenFixedPortIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            BrokerSpec spec = BrokerSpec.in(folder).onPort(taken.getLocalPort());
            assertThatThrownBy(() -> EmbeddedBroker.inProcess(spec))
                    .isInstanceOf(BrokerException.class)
                    .hasMessageStartingWith("port " + taken.getLocalPort() + " is taken");
        }
    }

    @Test
    void aBrokerThatIsAwayIsNamedAfterTheWait() {
        List<String> said = new ArrayList<>();
        assertThatThrownBy(() -> BrokerReadiness.await(
                        Map.of("bootstrap.servers", "127.0.0.1:1"), Duration.ofSeconds(1), said::add))
                .isInstanceOf(BrokerException.class)
                .hasMessageStartingWith("no Kafka broker answered at 127.0.0.1:1 within 1 s");
        assertThat(said)
                .singleElement()
                .asString()
                .matches("waiting for a Kafka broker at 127\\.0\\.0\\.1:1 \\(\\d+ of 1 s\\)");
    }

    static void createTopic(String bootstrap, String topic) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            new Topics(admin, Duration.ofSeconds(30)).create(List.of(TopicSpec.of(topic, 1)));
        }
    }

    static void produce(String bootstrap, String topic, String value) {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, value));
            producer.flush();
        }
    }

    static List<String> consume(String bootstrap, String topic) {
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            List<String> values = new ArrayList<>();
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (values.isEmpty() && System.nanoTime() < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }
}
