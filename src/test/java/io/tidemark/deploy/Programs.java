package io.tidemark.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The real programs of Prometheus and Alertmanager, as Debian's packages {@code prometheus} and {@code prometheus-alertmanager} bring them. */
final class Programs {
    private Programs() {}

    /** Skips the calling test, with a printed reason, where a program is not on the PATH. */
    static void need(String... programs) {
        for (String program : programs) {
            boolean found = found(program);
            if (!found) System.err.println("skipped: " + program + " is not on the PATH; .ci/run installs it");
            assumeTrue(found, program + " is not on the PATH");
        }
    }

    private static boolean found(String program) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(folder, program))) return true;
        }
        return false;
    }

    /** Runs a program to its end, in the root of the repository, and returns what it printed; it must succeed. */
    static String run(String input, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", command) + "\n" + output)
                .isZero();
        return output;
    }

    /** Starts a program that goes on until it is closed; what it prints goes to the file. */
    static AutoCloseable start(Path log, String... command) throws IOException {
        Process process = new ProcessBuilder(List.of(command))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return () -> {
            process.destroyForcibly();
            process.waitFor();
        };
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
