package io.tidemark.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TidemarkTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void everyCommandHasHelpWithExamples() {
        for (CommandLine command : Tidemark.commandLine().getSubcommands().values()) {
            var session = CommandLineSession.of(command.getCommandName(), "--help");
            assertThat(session.exitCode()).isZero();
            assertThat(session.out()).contains("Usage: tidemark " + command.getCommandName());
        }
        assertThat(CommandLineSession.of("tail", "--help").out())
                .contains("Examples:", "tidemark tail scores --stream");
    }

    @Test
    void theVersionIsPrinted() {
        var session = CommandLineSession.of("--version");
        assertThat(session.exitCode()).isZero();
        assertThat(session.out()).startsWith("tidemark ");
    }

    @Test
    void anOptionWithoutItsDashesIsNamed() {
        var session = CommandLineSession.of("version");
        assertThat(session.exitCode()).isEqualTo(2);
        assertThat(session.err()).contains("Did you mean: --version?").doesNotContain("size");
    }

    @Test
    void anOptionBeforeItsCommandIsNamedWithIt() {
        assertThat(CommandLineSession.of("--prefix", "x", "tail", "scores").err())
                .contains("Options go behind the command: tidemark tail --prefix …");
        assertThat(CommandLineSession.of("--cron", "x", "silence").err()).contains("tidemark silence --cron …");
        assertThat(CommandLineSession.of("--xyzzy", "tail").err()).doesNotContain("behind the command");
    }

    @Test
    void oneOfSeveralWordsThatIsNearlyMeantIsNamed() {
        assertThat(CommandLineSession.of("run", "--roles", "ingst").err())
                .contains("expected one of ingest, worker, learner, verdict, retrain, notify but was 'ingst'")
                .contains("Did you mean: ingest?");
        assertThat(CommandLineSession.of("tail", "score").err()).contains("did you mean scores?");
    }

    @Test
    void theCommandThatIsNearlyMeantIsNamed() {
        assertThat(CommandLineSession.of("tails").err()).contains("Did you mean: tidemark tail?");
        assertThat(CommandLineSession.of("models", "promot").err()).contains("Did you mean: tidemark models promote?");
        assertThat(CommandLineSession.of("xyzzy").err()).doesNotContain("Did you mean");
        assertThat(CommandLineSession.of("run", "--botstrap", "a:1").err()).contains("--bootstrap");
    }

    @Test
    void wrongUsageIsOneSentenceAndExitCodeTwo() {
        var session = CommandLineSession.of("tail", "scors");
        assertThat(session.exitCode()).isEqualTo(2);
        assertThat(session.err())
                .contains("'scors' is none of scores, forecasts, alerts, incidents, labels, dead-letters")
                .contains("Try 'tidemark tail --help'.");
        assertThat(CommandLineSession.of().exitCode()).isEqualTo(2);
        assertThat(CommandLineSession.of("tail", "scores", "--for", "soon").err())
                .contains("'soon' is not a time such as 10s, 5m or 2h");
    }

    @Test
    void runSaysWhatIsWrongWithItsOptionsBeforeItConnects() {
        for (String start : new String[] {"yesterday", "2026-13-01T00:00:00Z", "9999-01-01T00:00:00Z"}) {
            var session = CommandLineSession.of("run", "--start", start, "--bootstrap", "127.0.0.1:1", "--wait", "1ms");
            assertThat(session.exitCode()).isEqualTo(2);
            assertThat(session.err()).contains("--start must be latest, earliest or a past time", start);
        }
        var session = CommandLineSession.of("run", "--device", "tpu", "--bootstrap", "127.0.0.1:1", "--wait", "1ms");
        assertThat(session.exitCode()).isEqualTo(2);
        assertThat(session.err()).contains("device must be auto, cpu or gpu:N, but was tpu");
    }

    @Test
    void aWrongDeviceIsAUsageErrorOfEveryCommandThatComputes() throws Exception {
        Files.writeString(folder.resolve("a.csv"), "timestamp,value\n1,2\n");
        String data = folder.toString();
        String[][] commands = {
            {"backtest", "--stream", "nab", "--data", data, "--out", data},
            {"networks", "fit", "dense-ae", "--data", data},
            {"bench", "memory", "--for", "1s"},
            {"bench", "engines"},
            {"retrain", "--stream", "nab", "--bootstrap", "127.0.0.1:1", "--wait", "1ms"},
        };
        for (String[] command : commands) {
            String[] wrong = Arrays.copyOf(command, command.length + 2);
            wrong[command.length] = "--device";
            wrong[command.length + 1] = "tpu";
            var session = CommandLineSession.of(wrong);
            assertThat(session.err())
                    .as(command[0])
                    .contains("--device: device must be auto, cpu or gpu:N, but was tpu");
            assertThat(session.exitCode()).as(command[0]).isEqualTo(2);
        }
    }

    @Test
    void aBrokerThatIsAwayIsWaitedForAndThenNamed() {
        var session = CommandLineSession.of("tail", "scores", "--bootstrap", "127.0.0.1:1", "--wait", "200ms");
        assertThat(session.exitCode()).isEqualTo(1);
        assertThat(session.err().lines().findFirst().orElseThrow())
                .matches("tidemark: waiting for a Kafka broker at 127\\.0\\.0\\.1:1 \\(\\d+ of 0 s\\)");
        assertThat(session.err().lines().skip(1))
                .containsExactly(
                        "tidemark: no Kafka broker answered at 127.0.0.1:1 within 0 s; check the address, and the security settings that its"
                                + " listener asks for");
    }

    @Test
    void debugAddsTheStackTrace() {
        var session = CommandLineSession.of("tail", "scores", "--bootstrap", "127.0.0.1:1", "--wait", "1ms", "--debug");
        assertThat(session.err()).contains("BrokerException").contains("\tat io.tidemark");
    }

    @Test
    void aWrongSecuritySettingIsAConfigurationError() throws Exception {
        Path file = Files.writeString(folder.resolve("kafka.properties"), "security.protocol = SASLSSL\n");
        var session = CommandLineSession.of("tail", "scores", "--config", file.toString());
        assertThat(session.err()).contains("SASLSSL");
        assertThat(session.exitCode()).isEqualTo(2);
    }

    @Test
    void anUnknownSettingOfTidemarksOwnIsNamed() {
        var session = CommandLineSession.of("tail", "scores", "--set", "tidemark.prefx=a.");
        assertThat(session.exitCode()).isEqualTo(2);
        assertThat(session.err()).contains("unknown setting tidemark.prefx");
    }

    @Test
    void aStreamFileWithMistakesIsReportedWithFileAndLine() throws Exception {
        Path file = Files.writeString(
                folder.resolve("bad.yaml"),
                "stream: bad\ninput:\n  topic: t\n  features: [v]\n  formt: json\nstap: 1s\n");
        Path data = Files.writeString(folder.resolve("a.csv"), "timestamp,v\n1,2\n");
        var session = CommandLineSession.of("replay", data.toString(), "--stream", file.toString());
        assertThat(session.exitCode()).isEqualTo(2);
        assertThat(session.err()).contains("bad.yaml:5").contains("bad.yaml:6");
    }

    @Test
    void anUnknownStreamNamesTheOnesThereAre() {
        var session = CommandLineSession.of("replay", folder.toString(), "--stream", "nob", "--topology", "topology");
        assertThat(session.exitCode()).isEqualTo(2);
        assertThat(session.err()).contains("there is no stream nob in topology").contains("nab");
    }
}
