package io.tidemark.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.kafka.client.KafkaForTests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With a prefix under which nothing is, every command that works on an installation says so and ends. */
class MissingInstallationTest {
    private final KafkaForTests kafka = KafkaForTests.fresh();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tail scores",
                "incidents",
                "incidents acknowledge pumps@pumps/p1@2026-01-01T00:00:00Z",
                "silence --for 1h --all",
                "silence list",
                "silence end x",
                "models list",
                "models show pumps/dense-ae",
                "models audit",
                "models promote pumps/dense-ae@2 --why x",
                "models rollback pumps/dense-ae --why x",
                "models pin pumps/dense-ae@2 --why x",
                "models diff pumps/dense-ae@1 pumps/dense-ae@2",
                "models export pumps/dense-ae out",
                "similar pumps/p1@2026-01-01T00:00:00Z",
                "feedback p1 2026-01-01T00:00:00Z normal --topology TOPOLOGY",
                "feedback pumps/p1@2026-01-01T00:00:00Z normal --topology TOPOLOGY",
                "retrain --stream pumps --topology TOPOLOGY",
                "series reset pumps/p1 --topology TOPOLOGY",
                "streams reset pumps --to earliest --topology TOPOLOGY",
                "streams forget fans --topology TOPOLOGY"
            })
    void itIsSaidAtOnce(String line) throws Exception {
        Path topology = folder.resolve("topology");
        Files.createDirectories(topology.resolve("streams"));
        Files.writeString(
                topology.resolve("streams/pumps.yaml"),
                "stream: pumps\nstep: 1s\nnetworks: []\ninput: {topic: plant.p, features: [v]}\n");
        Files.createSymbolicLink(
                topology.resolve("zoo"), Path.of("topology", "zoo").toAbsolutePath());
        List<String> arguments = new ArrayList<>();
        for (String word : line.split(" ")) arguments.add(word.equals("TOPOLOGY") ? topology.toString() : word);
        arguments.addAll(List.of("--bootstrap", kafka.bootstrap(), "--prefix", "nope."));
        CommandLineSession session = CommandLineSession.of(arguments.toArray(String[]::new));
        assertThat(session.err()).contains("there is no topic nope.").contains("check --prefix");
        assertThat(session.out()).isEmpty();
        assertThat(session.exitCode()).isEqualTo(1);
    }
}
