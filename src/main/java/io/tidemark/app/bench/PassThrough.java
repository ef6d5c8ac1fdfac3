package io.tidemark.app.bench;

import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/** The least that an exactly-once Kafka Streams application can do with a record: copy it to another topic. */
final class PassThrough implements AutoCloseable {
    private final KafkaStreams streams;

    PassThrough(Properties settings, String from, String to) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(from, Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
                .to(to, Produced.with(Serdes.ByteArray(), Serdes.ByteArray()));
        Properties properties = new Properties();
        properties.putAll(settings);
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "bench-pass-through");
        streams = new KafkaStreams(builder.build(), properties);
        streams.start();
    }

    @Override
    public void close() {
        streams.close();
    }
}
