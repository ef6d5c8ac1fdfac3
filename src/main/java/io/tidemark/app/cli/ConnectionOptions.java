package io.tidemark.app.cli;

import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.KafkaConnection;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options of every command that talks to Kafka. */
public final class ConnectionOptions extends CliOptions {
    private static final String DEFAULT_BOOTSTRAP = "localhost:9092";
    private static final String ENVIRONMENT = "TIDEMARK_BOOTSTRAP";
    private static final String OWN = "tidemark.";
    private static final String OWN_PREFIX = OWN + "prefix";

    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description =
                    "a Kafka broker, or several with commas between (default: bootstrap.servers of --config, else the environment's"
                            + " " + ENVIRONMENT + ", else " + DEFAULT_BOOTSTRAP + ")")
    private @Nullable String bootstrap;

    @Option(
            names = "--prefix",
            paramLabel = "NAME",
            description = "what the names of Tidemark's own topics, groups and transactional ids begin with (default: "
                    + TopicNames.DEFAULT_PREFIX + ")")
    private @Nullable String prefix;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "a Java properties file of Kafka client settings, TLS and SASL among them, passed to the clients as they are; with producer., consumer. or admin. before its name a setting goes to that kind of client only")
    private @Nullable Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "one Kafka client setting; wins over --config; may be repeated")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "how long to wait for a broker that is away at the start (default: ${DEFAULT-VALUE})")
    private Duration within = Duration.ofSeconds(60);

    /** Whether an option, the file or the environment names a broker, so that the default is not meant. */
    boolean namesBroker() {
        return declared().containsKey(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
    }

    /** What the environment, the file and the options say, the later over the earlier. */
    private Map<String, String> declared() {
        Map<String, String> all = new LinkedHashMap<>();
        String servers = CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG;
        String environment = System.getenv(ENVIRONMENT);
        if (environment != null) all.put(servers, environment);
        if (file != null) {
            read(file).forEach((key, value) -> all.put(key.toString(), value.toString()));
        }
        all.putAll(settings);
        if (bootstrap != null) all.put(servers, bootstrap);
        return all;
    }

    /**
     * The connection that the options, the file and the environment describe; nothing is contacted.
     *
     * @throws ParameterException naming what is wrong with them
     */
    public KafkaConnection connection() {
        Map<String, String> all = declared();
        all.putIfAbsent(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, DEFAULT_BOOTSTRAP);
        String named = all.remove(OWN_PREFIX);
        String used = prefix != null ? prefix : named != null ? named : TopicNames.DEFAULT_PREFIX;
        for (String key : all.keySet()) {
            if (key.startsWith(OWN)) {
                throw wrong("unknown setting " + key + "; the only setting of Tidemark's own is " + OWN_PREFIX);
            }
        }
        try {
            return new KafkaConnection(all, new TopicNames(used));
        } catch (IllegalArgumentException refused) {
            throw wrong(String.valueOf(refused.getMessage()));
        }
    }

    /** As {@link #connection()}, once a broker answers; says on standard error that it waits. */
    public KafkaConnection await() {
        KafkaConnection connection = connection();
        connection.await(within, sentence -> {
            err().println("tidemark: " + sentence);
            err().flush();
        });
        return connection;
    }

    private Properties read(Path path) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
            properties.load(reader);
            return properties;
        } catch (IOException | IllegalArgumentException failed) {
            throw wrong("--config " + path + " cannot be read: " + failed);
        }
    }
}
