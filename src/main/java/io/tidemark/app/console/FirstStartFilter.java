package io.tidemark.app.console;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.regex.Pattern;

/**
 * Keeps back what Kafka's clients warn of at every first start: Kafka Streams subscribes to its own repartition topics
 * and then creates them, and until then a broker does not know them. Other topics, other causes and anything later than
 * {@link #FIRST_MS} after the start are let through.
 */
public final class FirstStartFilter extends Filter<ILoggingEvent> {
    static final long FIRST_MS = 60_000;

    private static final String LOGGER = "org.apache.kafka.clients.NetworkClient";
    private static final Pattern OWN_TOPICS = Pattern.compile(".*\\{[^,={}]+-repartition=UNKNOWN_TOPIC_OR_PARTITION"
            + "(, [^,={}]+-repartition=UNKNOWN_TOPIC_OR_PARTITION)*\\}");

    private long firstMs = Long.MAX_VALUE;

    @Override
    public FilterReply decide(ILoggingEvent event) {
        firstMs = Math.min(firstMs, event.getTimeStamp());
        boolean own = event.getLoggerName().equals(LOGGER)
                && event.getTimeStamp() - firstMs < FIRST_MS
                && OWN_TOPICS.matcher(event.getFormattedMessage()).matches();
        return own ? FilterReply.DENY : FilterReply.NEUTRAL;
    }
}
