package io.tidemark.role.verdict;

import io.tidemark.config.StreamSpec;
import io.tidemark.judge.feedback.Feedback;
import io.tidemark.judge.feedback.FeedbackDecoder;
import io.tidemark.judge.feedback.FeedbackException;
import io.tidemark.judge.feedback.FeedbackReason;
import io.tidemark.metrics.Meters;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Takes what people say: to {@code labels} in the series' partition and to the incidents of its group, or to the dead letters. */
final class FeedbackProcessor implements Processor<byte[], byte[], byte[], byte[]> {
    private final Map<String, byte[]> groups = new HashMap<>();
    private final Meters meters;

    private @Nullable ProcessorContext<byte[], byte[]> context;
    private @Nullable DeadLetters dead;

    FeedbackProcessor(Iterable<StreamSpec> streams, Meters meters) {
        for (StreamSpec stream : streams) {
            groups.put(stream.name(), stream.incidentGroup().getBytes(StandardCharsets.UTF_8));
        }
        this.meters = meters;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        this.context = context;
        dead = new DeadLetters(context, VerdictTopology.REFUSED, meters);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        String stream = "";
        try {
            Feedback feedback = FeedbackDecoder.decode(record.value());
            stream = feedback.stream();
            byte[] group = groups.get(stream);
            if (group == null) {
                throw new FeedbackException(FeedbackReason.UNKNOWN_STREAM, "no stream of this name is declared here");
            }
            byte[] key = feedback.key().getBytes(StandardCharsets.UTF_8);
            byte[] value = feedback.encode();
            Objects.requireNonNull(context)
                    .forward(new Record<>(key, value, record.timestamp()), VerdictTopology.ACCEPTED);
            context.forward(new Record<>(group, value, record.timestamp()), VerdictTopology.LABEL_TO_GROUP);
        } catch (FeedbackException e) {
            Objects.requireNonNull(dead).add(record, stream, false, e.reason().label(), e.sentence());
        }
    }
}
