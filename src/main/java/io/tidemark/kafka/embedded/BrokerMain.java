package io.tidemark.kafka.embedded;

import io.tidemark.kafka.client.BrokerException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * The program of a child broker: arguments are the folder, the port, and any number of Kafka settings as {@code key=value}.
 *
 * <p>Standard output carries one line, {@code ready HOST:PORT} or {@code failed SENTENCE}. Standard input is held open by the
 * parent: its end, like the end of the parent's process, ends the broker.
 */
public final class BrokerMain {
    static final String READY = "ready ";
    static final String FAILED = "failed ";

    private BrokerMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        // Ctrl-C reaches the whole process group; the parent closes its roles first and this broker last.
        Signal.handle(new Signal("INT"), SignalHandler.SIG_IGN);
        CountDownLatch end = new CountDownLatch(1);
        ProcessHandle.current().parent().ifPresent(parent -> parent.onExit().thenRun(end::countDown));
        Thread input = new Thread(() -> awaitEndOfInput(end), "parent-watch");
        input.setDaemon(true);
        input.start();
        try {
            EmbeddedBroker broker = EmbeddedBroker.start(spec(arguments));
            Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "broker-close"));
            System.out.println(READY + broker.bootstrap());
        } catch (BrokerException failed) {
            LoggerFactory.getLogger(BrokerMain.class).error("The broker did not start", failed);
            System.out.println(FAILED + String.valueOf(failed.getMessage()).replace('\n', ' '));
            System.exit(1);
        }
        end.await();
        System.exit(0);
    }

    private static BrokerSpec spec(String[] arguments) {
        Map<String, String> settings = new HashMap<>();
        for (int index = 2; index < arguments.length; index++) {
            int equals = arguments[index].indexOf('=');
            settings.put(arguments[index].substring(0, equals), arguments[index].substring(equals + 1));
        }
        return new BrokerSpec(Path.of(arguments[0]), Integer.parseInt(arguments[1]), settings);
    }

    private static void awaitEndOfInput(CountDownLatch end) {
        InputStream input = System.in;
        try {
            while (input.read() >= 0) {
                // The parent writes nothing; only the end counts.
            }
        } catch (IOException closed) {
            // A broken pipe says the same as its end.
        }
        end.countDown();
    }
}
