package io.tidemark.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StreamsFailuresTest {
    private final StreamsFailures failures =
            new StreamsFailures("verdict", KafkaConnection.to("127.0.0.1:1"), "tidemark.verdict");

    @Test
    void aClusterThatIsAwayIsWaitedFor() {
        assertThat(failures.handle(new StreamsException(new TimeoutException("no answer"))))
                .isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
        assertThat(failures.reason()).isEmpty();
    }

    @Test
    void aRightThatIsTakenAwayMayBeGivenBack() {
        assertThat(failures.handle(new StreamsException(new TopicAuthorizationException("samples"))))
                .isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
        assertThat(failures.reason()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("io.tidemark.kafka.client.RootCauseTest#endedTransactions")
    void aTransactionThatTheClusterEndedIsBegunAnew(ApiException ended) {
        assertThat(failures.handle(new StreamsException("Error encountered trying to commit", ended)))
                .isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
        assertThat(failures.reason()).isEmpty();
    }

    /** As a producer says it whose transaction's coordinator is being stopped. */
    @Test
    void anErrorThatTheBrokerDidNotExpectIsBegunAnew() {
        String said = "Unhandled error in EndTxnResponse: " + Errors.UNKNOWN_SERVER_ERROR.message();
        assertThat(failures.handle(
                        new StreamsException("Error encountered trying to commit", new KafkaException(said))))
                .isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
        assertThat(failures.handle(new StreamsException(Errors.UNKNOWN_SERVER_ERROR.exception())))
                .isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
        assertThat(failures.handle(new StreamsException(new KafkaException("Unhandled error in EndTxnResponse"))))
                .as("another one")
                .isEqualTo(StreamThreadExceptionResponse.SHUTDOWN_CLIENT);
    }

    /**
     * A thread that is about to commit asks where its consumer stands in one partition, and is told of others, just assigned, in which the
     * group never committed: their first owner was killed before it could. Only what polling says of them is final.
     */
    @Test
    void partitionsWithoutAPlaceAreLeftToThePollOfANewThread() {
        NoOffsetForPartitionException none = new NoOffsetForPartitionException(
                Set.of(new TopicPartition("ticks", 1), new TopicPartition("ticks", 3)));
        OffsetOutOfRangeException gone = new OffsetOutOfRangeException(Map.of(new TopicPartition("ticks", 1), 5L));

        assertThat(failures.handle(new StreamsException(none))).isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
        assertThat(failures.handle(new StreamsException(gone))).isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
        assertThat(failures.reason()).isEmpty();
        assertThat(failures.handle(new StreamsException("No valid committed offset found for input [ticks]", none)))
                .isEqualTo(StreamThreadExceptionResponse.SHUTDOWN_CLIENT);
        assertThat(failures.reason()).contains("No valid committed offset found for input [ticks]");
    }

    @Test
    void whateverElseStopsTheRole() {
        assertThat(failures.handle(new StreamsException(new IllegalStateException("a bug"))))
                .isEqualTo(StreamThreadExceptionResponse.SHUTDOWN_CLIENT);
        assertThat(failures.reason()).contains("a bug");
    }
}
