package io.tidemark.kafka.embedded;

import io.tidemark.kafka.client.BrokerException;
import io.tidemark.kafka.client.BrokerReadiness;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.net.BindException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * A single-node KRaft broker inside this JVM, for tests: it starts in one to three seconds and keeps its data in a folder.
 *
 * <p>Kafka ends its JVM when it cannot go on, say because its log folder vanished. Here that is intercepted for the life of
 * the JVM: the failing broker thread gets an exception and the JVM lives. Whoever wants a broker that fails apart from its
 * clients takes a {@link ChildBroker}.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);

    /** The same for every embedded broker, so that a folder can be opened again; no two of them ever meet. */
    private static final String CLUSTER_ID = new Uuid(0x746964656d61726bL, 1).toString();

    private final KafkaRaftServer server;
    private final FileChannel lock;
    private final String bootstrap;

    private EmbeddedBroker(KafkaRaftServer server, FileChannel lock, String bootstrap) {
        this.server = server;
        this.lock = lock;
        this.bootstrap = bootstrap;
    }

    /** A broker in this folder on a free port, ready for clients. */
    public static EmbeddedBroker inProcess(Path folder) {
        return inProcess(BrokerSpec.in(folder));
    }

    /**
     * Starts a broker and returns when it answers.
     *
     * @throws BrokerException when the folder is used by another broker, the fixed port is taken, or the broker does not start
     */
    public static EmbeddedBroker inProcess(BrokerSpec spec) {
        Exit.setExitProcedure(EmbeddedBroker::refuseToEnd);
        Exit.setHaltProcedure(EmbeddedBroker::refuseToEnd);
        return start(spec);
    }

    /** As {@link #inProcess(BrokerSpec)}, but a broker that cannot go on ends the JVM. */
    static EmbeddedBroker start(BrokerSpec spec) {
        FileChannel lock = lock(spec);
        boolean started = false;
        try {
            EmbeddedBroker broker;
            try {
                broker = startOnce(spec, lock);
            } catch (Exception failed) { // Scala throws BindException undeclared
                // Between the choice of a port and its use another process may take it; once is chance, twice is not.
                if (!isBindFailure(failed)) {
                    throw failed;
                }
                broker = startOnce(spec, lock);
            }
            BrokerReadiness.await(broker.bootstrap, READY_WITHIN);
            started = true;
            return broker;
        } catch (Exception failed) {
            throw failure(spec, failed);
        } finally {
            if (!started) {
                release(lock);
            }
        }
    }

    private static BrokerException failure(BrokerSpec spec, Exception failed) {
        if (isBindFailure(failed)) {
            return new BrokerException(
                    "port " + spec.port() + " is taken by another process; choose another port or stop that process",
                    failed);
        }
        return failed instanceof BrokerException known
                ? known
                : new BrokerException(
                        "the broker in " + spec.folder() + " did not start: " + failed.getMessage(), failed);
    }

    private static EmbeddedBroker startOnce(BrokerSpec spec, FileChannel lock) throws Exception {
        int[] ports = FreePorts.choose(spec.port(), 0);
        Properties settings = BrokerSettings.of(spec, ports[0], ports[1]);
        format(spec, settings);
        KafkaRaftServer server = new KafkaRaftServer(KafkaConfig.fromProps(settings, false), Time.SYSTEM);
        try {
            server.startup();
        } catch (Throwable failed) {
            server.shutdown();
            throw failed;
        }
        return new EmbeddedBroker(server, lock, BrokerSettings.address(ports[0]));
    }

    private static void format(BrokerSpec spec, Properties settings) throws IOException {
        try (Writer writer = Files.newBufferedWriter(spec.configFile())) {
            settings.store(writer, "Written at each start; Kafka's own tools can read the folder with it.");
        }
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        String[] arguments = {
            "format",
            "--ignore-formatted",
            "--cluster-id",
            CLUSTER_ID,
            "--config",
            spec.configFile().toString()
        };
        int status = StorageTool.execute(arguments, new PrintStream(said, true, StandardCharsets.UTF_8));
        if (status != 0) {
            throw new BrokerException("could not format " + spec.dataFolder() + ": "
                    + said.toString(StandardCharsets.UTF_8).strip());
        }
    }

    private static FileChannel lock(BrokerSpec spec) {
        FileChannel channel = null;
        try {
            Files.createDirectories(spec.dataFolder());
            channel = FileChannel.open(spec.lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException heldByThisJvm) {
            // Reported below, like a lock held by another process.
        } catch (IOException failed) {
            throw new BrokerException(
                    "the broker folder " + spec.folder() + " cannot be written: " + failed.getMessage(), failed);
        }
        release(channel);
        throw new BrokerException(
                "the broker folder " + spec.folder() + " is used by another broker; stop it or choose another folder");
    }

    private static void release(@Nullable FileChannel channel) {
        if (channel == null) {
            return;
        }
        try {
            channel.close();
        } catch (IOException failed) {
            throw new BrokerException("the lock of the broker folder could not be released", failed);
        }
    }

    private static boolean isBindFailure(@Nullable Throwable failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return true;
            }
        }
        return false;
    }

    private static void refuseToEnd(int status, @Nullable String message) {
        throw new IllegalStateException("the embedded broker cannot go on (status " + status + "): " + message);
    }

    /** HOST:PORT for clients. */
    public String bootstrap() {
        return bootstrap;
    }

    void awaitEnd() {
        server.awaitShutdown();
    }

    @Override
    public void close() {
        try {
            server.shutdown();
            server.awaitShutdown();
        } finally {
            release(lock);
        }
    }
}
