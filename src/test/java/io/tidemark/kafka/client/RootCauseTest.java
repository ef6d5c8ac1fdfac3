package io.tidemark.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RootCauseTest {
    @Test
    void theSentenceNamesWhatLiesAtTheBottomOnOneLine() {
        Throwable denied =
                new KafkaException("could not commit\nat all", new GroupAuthorizationException("tidemark.worker"));
        assertThat(RootCause.sentence(denied))
                .contains("GroupAuthorizationException")
                .contains("tidemark.worker")
                .doesNotContain("\n");
        assertThat(RootCause.sentence(new NullPointerException())).isEqualTo("NullPointerException");
        assertThat(RootCause.sentence(new BrokerException("topic x is missing")))
                .isEqualTo("topic x is missing");
        assertThat(RootCause.sentence(new IllegalStateException("x".repeat(5000))))
                .hasSizeLessThan(520);
    }

    @Test
    void slowBrokersAndRightsToComeCanPassAndOthersCannot() {
        assertThat(RootCause.canPass(new ExecutionException(new TimeoutException("slow"))))
                .isTrue();
        assertThat(RootCause.canPass(GroupAuthorizationException.forGroupId("g")))
                .isTrue();
        assertThat(RootCause.canPass(new ProducerFencedException("another one")))
                .isFalse();
        assertThat(RootCause.canPass(new IllegalStateException("x"))).isFalse();
    }

    /** What a producer throws whose transaction the cluster has ended. */
    static Stream<ApiException> endedTransactions() {
        String why = "the coordinator changed hands";
        return Stream.of(
                new InvalidTxnStateException(why),
                new InvalidPidMappingException(why),
                new TransactionAbortableException(why));
    }

    /** As it is with a retrain worker whose broker is killed while it commits a job. */
    @ParameterizedTest
    @MethodSource("endedTransactions")
    void aTransactionThatTheClusterEndedCanPassUnlessAnotherProcessHasTakenItOver(ApiException ended) {
        assertThat(RootCause.canPass(ended)).isTrue();
        assertThat(Transactions.endedOne(ended)).isTrue();
        Exception fenced = new ProducerFencedException("another one");
        fenced.initCause(ended);
        assertThat(RootCause.canPass(fenced)).isFalse();
    }
}
