package io.tidemark.kafka.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.kafka.client.KafkaForTests;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChildBrokerIT {
    private static final String CHILD = "child ";

    private final Path folder = KafkaForTests.temporaryFolder();

    @AfterEach
    void deleteFolder() {
        KafkaForTests.delete(folder);
    }

    /** A process that starts a broker, names it, and waits to be killed. */
    static final class Parent {
        public static void main(String[] arguments) throws Exception {
            ChildBroker broker = ChildBroker.start(Path.of(arguments[0]));
            EmbeddedBrokerTest.createTopic(broker.bootstrap(), "kept");
            EmbeddedBrokerTest.produce(broker.bootstrap(), "kept", "survivor");
            System.out.println(CHILD + broker.pid());
            Thread.currentThread().join();
        }
    }

    @Test
    void theChildEndsWithItsKilledParentAndItsDataIsKept() throws Exception {
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var output = new BufferedReader(new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
            String named = output.lines()
                    .filter(line -> line.startsWith(CHILD))
                    .findFirst()
                    .orElseThrow();
            ProcessHandle child = ProcessHandle.of(Long.parseLong(named.substring(CHILD.length())))
                    .orElseThrow();
            parent.destroyForcibly();
            child.onExit().get(30, TimeUnit.SECONDS);
            assertThat(child.isAlive()).isFalse();
        } finally {
            parent.destroyForcibly();
        }
        try (EmbeddedBroker broker = EmbeddedBroker.inProcess(folder)) {
            assertThat(EmbeddedBrokerTest.consume(broker.bootstrap(), "kept")).containsExactly("survivor");
        }
    }
}
