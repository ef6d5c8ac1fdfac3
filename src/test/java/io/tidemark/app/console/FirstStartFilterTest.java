package io.tidemark.app.console;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FirstStartFilterTest {
    private static final String CLIENT = "org.apache.kafka.clients.NetworkClient";
    private static final String SAID =
            "[Consumer clientId=a, groupId=g] The metadata response from the cluster reported a"
                    + " recoverable issue with correlation id 2 : ";

    private final FirstStartFilter filter = new FirstStartFilter();

    @Test
    void onlyTheTopicsThatStreamsIsAboutToCreateAreKeptBack() {
        assertThat(shown(0, CLIENT, "{tidemark.ingest-demo.host-events-repartition=UNKNOWN_TOPIC_OR_PARTITION}"))
                .isFalse();
        assertThat(shown(
                        5,
                        CLIENT,
                        "{a-repartition=UNKNOWN_TOPIC_OR_PARTITION, b-repartition=UNKNOWN_TOPIC_OR_PARTITION}"))
                .isFalse();
        assertThat(shown(5, CLIENT, "{a-repartition=UNKNOWN_TOPIC_OR_PARTITION, pumps=UNKNOWN_TOPIC_OR_PARTITION}"))
                .isTrue();
        assertThat(shown(5, CLIENT, "{a-repartition=LEADER_NOT_AVAILABLE}")).isTrue();
        assertThat(shown(5, "io.tidemark", "{a-repartition=UNKNOWN_TOPIC_OR_PARTITION}"))
                .isTrue();
        assertThat(shown(FirstStartFilter.FIRST_MS, CLIENT, "{a-repartition=UNKNOWN_TOPIC_OR_PARTITION}"))
                .isTrue();
    }

    private boolean shown(long afterMs, String logger, String topics) {
        Logger of = (Logger) LoggerFactory.getLogger(logger);
        LoggingEvent event = new LoggingEvent(CLIENT, of, Level.WARN, SAID + topics, null, null);
        event.setTimeStamp(1_700_000_000_000L + afterMs);
        return filter.decide(event) != FilterReply.DENY;
    }
}
