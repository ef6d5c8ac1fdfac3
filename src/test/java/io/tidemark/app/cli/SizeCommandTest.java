package io.tidemark.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.app.node.StreamCost;
import io.tidemark.config.StreamFile;
import io.tidemark.net.network.Zoo;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SizeCommandTest {
    private static final String BENCH = "topology/examples/bench.yaml";

    private static CommandLineSession size(String stream, String series, String rate, String... more) {
        String[] fixed = {"size", "--stream", stream, "--series", series, "--rate", rate};
        String[] all = java.util.Arrays.copyOf(fixed, fixed.length + more.length);
        System.arraycopy(more, 0, all, fixed.length, more.length);
        return CommandLineSession.of(all);
    }

    @Test
    void everyRoleHasItsLineAndSoHaveDiskAndNetwork() {
        CommandLineSession session = size("bench", "10000", "10000");
        assertThat(session.err()).isEmpty();
        assertThat(session.exitCode()).isZero();
        assertThat(session.out())
                .contains("ingest", "worker", "learner", "verdict", "brokers", "partitions", "disk", "network", "GiB");
    }

    @Test
    void whatAllRolesTakeIsAddedUp() throws Exception {
        JsonNode plan = new ObjectMapper()
                .readTree(size(BENCH, "10000", "10000", "--json").out());
        long memory = 0;
        int processes = 0;
        for (JsonNode role : plan.get("roles")) {
            processes += role.get("processes").asInt();
            memory += role.get("processes").asInt() * role.get("memoryBytes").asLong();
        }
        assertThat(plan.get("memoryBytes").asLong()).isEqualTo(memory).isPositive();
        assertThat(size(BENCH, "10000", "10000").out()).contains(" " + processes + " processes, ");
    }

    @Test
    void stateIsWhatCheckSays() throws Exception {
        JsonNode plan = new ObjectMapper()
                .readTree(size(BENCH, "10000", "10000", "--json").out());
        StreamCost cost = StreamCost.of(StreamFile.read(Path.of(BENCH)), Zoo.load(Path.of("topology/zoo")));
        assertThat(plan.get("stateHeapBytes").asLong())
                .isEqualTo(10_000 * cost.state().heap());
        assertThat(plan.get("stateStoredBytes").asLong())
                .isEqualTo(10_000 * cost.state().stored());
        assertThat(CommandLineSession.of("streams", "check", BENCH).out())
                .contains("about " + cost.state().heap() + " bytes of heap while it reports often, "
                        + cost.state().stored() + " on disk and in changelogs");
        assertThat(plan.at("/roles/0/role").asText()).isEqualTo("ingest");
    }

    @Test
    void moreSeriesThanTheStreamMayHoldAreRefusedWithTheRemedy() {
        CommandLineSession session = size(BENCH, "1000000", "10000");
        assertThat(session.exitCode()).isEqualTo(2);
        assertThat(session.err()).contains("at most limits.series of stream bench, 10000", "raise limits.series");
    }

    @Test
    void imagesAndWhatIsNoNumberAreRefused() {
        assertThat(size("tiles", "1", "1").err()).contains("is of images; size is for rows of values");
        CommandLineSession nothing = size(BENCH, "10", "0");
        assertThat(nothing.exitCode()).isEqualTo(2);
        assertThat(nothing.err()).contains("rate must be in (0, 1e9] events a second, but was 0.0");
        assertThat(CommandLineSession.of("size", "--stream", BENCH).exitCode()).isEqualTo(2);
    }
}
