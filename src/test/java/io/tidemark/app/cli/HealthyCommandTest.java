package io.tidemark.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.metrics.MetricsEndpoint;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HealthyCommandTest {
    private final AtomicBoolean works = new AtomicBoolean(true);

    @Test
    void aProcessThatWorksSaysSoAndOneThatDoesNotIsNamed() throws IOException {
        try (MetricsEndpoint page = new MetricsEndpoint("127.0.0.1", 0, works::get, "secret", null)) {
            String url = "http://127.0.0.1:" + page.port() + "/healthy";
            CommandLineSession session = CommandLineSession.of("healthy", url);
            assertThat(session.exitCode()).isZero();
            assertThat(session.out()).isEqualTo("healthy: " + url + "\n");

            works.set(false);
            session = CommandLineSession.of("healthy", url);
            assertThat(session.exitCode()).isEqualTo(1);
            assertThat(session.err()).contains(url + " answers 503: a role has not started or has failed");
        }
    }

    @Test
    void everyAddressOfANameIsAskedAndEnoughMustAnswer() throws IOException {
        try (MetricsEndpoint page = new MetricsEndpoint("127.0.0.1", 0, works::get)) {
            String url = "http://127.0.0.1:" + page.port() + "/healthy";
            CommandLineSession session = CommandLineSession.of("healthy", url, "--least", "2");
            assertThat(session.exitCode()).isEqualTo(1);
            assertThat(session.err()).contains("1 processes are healthy, but at least 2 were expected");
        }
    }

    @Test
    void itAsksAgainUntilTheTimeIsOver() throws IOException {
        AtomicBoolean asked = new AtomicBoolean();
        try (MetricsEndpoint page = new MetricsEndpoint("127.0.0.1", 0, () -> asked.getAndSet(true))) {
            String url = "http://127.0.0.1:" + page.port() + "/healthy";
            assertThat(CommandLineSession.of("healthy", url, "--within", "1m").exitCode())
                    .as("the second answer is a good one")
                    .isZero();
        }
    }

    @Test
    void nobodyThereIsAnAnswerAndAWrongAddressIsAMistake() {
        CommandLineSession session = CommandLineSession.of("healthy", "http://127.0.0.1:1/healthy");
        assertThat(session.exitCode()).isEqualTo(1);
        assertThat(session.err()).contains("http://127.0.0.1:1/healthy does not answer: ConnectException");
        session = CommandLineSession.of("healthy", "tidemark:9464");
        assertThat(session.exitCode()).isEqualTo(2);
        assertThat(session.err()).contains("URL must be an http or https address");
        assertThat(CommandLineSession.of("healthy", "--least", "0").exitCode()).isEqualTo(2);
    }
}
