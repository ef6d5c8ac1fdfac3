package io.tidemark.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamsAclCommandTest {
    @TempDir
    private Path folder = Path.of("");

    private Path stream = Path.of("");

    @BeforeEach
    void writeStream() throws Exception {
        stream = Files.writeString(
                folder.resolve("pumps.yaml"),
                "stream: pumps\ninput: {topic: plant.in, series: [pump], features: [flow]}\nnetworks: [dense-ae]\n");
    }

    private String acl(String... further) {
        String[] all = new String[further.length + 3];
        all[0] = "streams";
        all[1] = "acl";
        all[2] = stream.toString();
        System.arraycopy(further, 0, all, 3, further.length);
        CommandLineSession session = CommandLineSession.of(all);
        assertThat(session.err()).isEmpty();
        assertThat(session.exitCode()).isZero();
        return session.out();
    }

    @Test
    void everyRoleHasItsOwnPrincipalAndOnlyIngestAndOperatorsReadTheInput() {
        String commands = acl();
        for (String role : new String[] {"ingest", "worker", "verdict", "learner", "retrain", "console", "operator"}) {
            assertThat(commands).contains("--allow-principal 'User:tidemark-" + role + "'");
        }
        assertThat(commands.lines().filter(line -> line.contains("'plant.in'") && line.contains("--operation Read")))
                .hasSize(2)
                .allMatch(line -> line.matches(".*tidemark-(ingest|operator).*"));
        assertThat(commands)
                .contains("--operation Write --operation Describe --transactional-id 'tidemark.worker-'"
                        + " --resource-pattern-type prefixed")
                .contains("--operation DescribeConfigs")
                .contains("--group 'tidemark.registrar'");
    }

    @Test
    void onlyTheLearnerRetrainingAndOperatorsMayWriteModels() {
        assertThat(acl("--json").lines().filter(line -> line.contains("\"tidemark.models\"") && line.contains("WRITE")))
                .hasSize(3)
                .allMatch(line -> line.matches(".*\"role\":\"(learner|retrain|operator)\".*"));
    }

    @Test
    void onePrincipalAndAnotherPrefixAreTakenAsGiven() {
        String lines = acl("--principal", "User:CN=it's", "--prefix", "plant1.", "--roles", "worker");
        assertThat(lines.lines()).allMatch(line -> line.contains("'User:CN=it'\\''s'"));
        assertThat(lines).contains("'plant1.inferences'").doesNotContain("tidemark.");
    }
}
