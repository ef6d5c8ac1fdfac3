package io.tidemark.kafka.client;

import io.tidemark.config.TopicNames;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;

/** Whether an installation is there under a prefix: what a command says before it works on its topics, so that it neither waits for nothing nor shows nothing. */
public final class InstalledTopics {
    /** A topic of every installation, and of nothing else: what comes before its name is a prefix. */
    private static final String MARK = new TopicNames("").incidentInbox();

    private static final int NAMED_MAX = 5;

    private InstalledTopics() {}

    /**
     * Checks that a topic of Tidemark's own is there.
     *
     * @throws BrokerException when it is not, naming the prefixes under which there are some
     */
    public static void require(KafkaConnection connection, String topic) {
        try (Consumer<byte[], byte[]> consumer = connection.consumer(Map.of("allow.auto.create.topics", "false"))) {
            Set<String> all = consumer.listTopics().keySet();
            if (!all.contains(topic)) throw new BrokerException(missing(topic, all));
        }
    }

    /** Why a topic is missing, as far as the names of all topics say. */
    static String missing(String topic, Set<String> all) {
        List<String> prefixes = all.stream()
                .filter(name -> name.endsWith(MARK))
                .map(name -> name.substring(0, name.length() - MARK.length()))
                .sorted()
                .toList();
        String known = prefixes.isEmpty()
                ? ""
                : " (there are Tidemark's topics under "
                        + prefixes.stream().limit(NAMED_MAX).collect(Collectors.joining(", "))
                        + (prefixes.size() > NAMED_MAX ? " and " + (prefixes.size() - NAMED_MAX) + " more" : "") + ")";
        return "there is no topic " + topic + "; check --prefix" + known
                + ", or create Tidemark's topics with 'tidemark streams apply'";
    }
}
