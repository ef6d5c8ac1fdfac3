package io.tidemark.kafka.client;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/** Waits for a broker to answer, saying that it waits. */
public final class BrokerReadiness {
    private static final long TRY_MS_MAX = 2_000;
    private static final Duration SAY_EVERY = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private BrokerReadiness() {}

    public static void await(String bootstrap, Duration within) {
        await(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap), within, sentence -> {});
    }

    /**
     * Returns once {@code Admin.describeCluster} names at least one node. A host name that does not resolve yet is waited for
     * as well.
     *
     * @param client settings of the Admin client: {@code bootstrap.servers} and, on a secured cluster, TLS and SASL
     * @param progress gets one sentence at the first failed attempt and every ten seconds after it
     * @throws BrokerException when nothing answered within the time, or the broker refused the client
     */
    public static void await(Map<String, ?> client, Duration within, Consumer<String> progress) {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "500");
        Object bootstrap = settings.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG);
        long start = System.nanoTime();
        long tryMs = Math.min(TRY_MS_MAX, 1 + within.toMillis() / 2);
        long sayAtSeconds = 0;
        Admin admin = null;
        try {
            while (true) {
                admin = admin == null ? open(settings) : admin;
                if (admin != null && answers(admin, tryMs)) {
                    return;
                }
                Duration waited = Duration.ofNanos(System.nanoTime() - start);
                if (waited.toSeconds() >= sayAtSeconds) {
                    progress.accept("waiting for a Kafka broker at " + bootstrap + " (" + waited.toSeconds() + " of "
                            + within.toSeconds() + " s)");
                    sayAtSeconds = waited.plus(SAY_EVERY).toSeconds();
                }
                if (waited.compareTo(within) >= 0) {
                    throw new BrokerException(
                            "no Kafka broker answered at " + bootstrap + " within " + within.toSeconds()
                                    + " s; check the address, and the security settings that its listener asks for");
                }
            }
        } finally {
            if (admin != null) {
                admin.close(Duration.ZERO);
            }
        }
    }

    private static @Nullable Admin open(Map<String, Object> settings) {
        try {
            return Admin.create(settings);
        } catch (KafkaException failed) {
            boolean unresolved = failed.getCause() instanceof ConfigException setting
                    && String.valueOf(setting.getMessage()).contains("No resolvable bootstrap");
            if (!unresolved) {
                Throwable cause = failed.getCause() == null ? failed : failed.getCause();
                throw new BrokerException("the Kafka client settings are not usable: " + cause.getMessage(), failed);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
            return null;
        }
    }

    private static boolean answers(Admin admin, long tryMs) {
        try {
            return !admin.describeCluster()
                    .nodes()
                    .get(tryMs, TimeUnit.MILLISECONDS)
                    .isEmpty();
        } catch (TimeoutException silent) {
            return false;
        } catch (ExecutionException refused) {
            if (refused.getCause() instanceof RetriableException) {
                return false;
            }
            Throwable why = refused.getCause() == null ? refused : refused.getCause();
            throw new BrokerException("the Kafka broker refused the client: " + RootCause.sentence(why), refused);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BrokerException("interrupted while waiting for a Kafka broker", interrupted);
        }
    }
}
