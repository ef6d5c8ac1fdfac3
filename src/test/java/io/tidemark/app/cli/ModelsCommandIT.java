package io.tidemark.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.model.registry.ModelId;
import io.tidemark.model.registry.ModelReader;
import io.tidemark.model.registry.RunningRegistrar;
import io.tidemark.model.registry.TestModels;
import io.tidemark.net.engine.Initializer;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.dl4j.Dl4jFile;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.Zoo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsCommandIT {
    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final KafkaConnection connection = kafka.connection();
    private @Nullable RunningRegistrar registrar;

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void startRegistrarWithThreeVersions() {
        kafka.topic("models", 1, Map.of("cleanup.policy", "compact"));
        for (int v = 1; v <= 3; v++) {
            TestModels.champion(connection, TestModels.draft(v), TestModels.large(v, 10));
        }
        registrar = new RunningRegistrar(connection, "a");
    }

    @AfterEach
    void stopRegistrar() {
        if (registrar != null) registrar.close();
    }

    @Test
    void aPersonPromotesPinsAndRollsBackAndTheAuditTellsWhoAndWhy() throws Exception {
        assertThat(models("list").out()).contains("pump/ae@3", "champion", "retired");
        assertThat(models("list", "--stream", "pomp").out())
                .contains("no model of stream pomp; there are models of pump");
        assertThat(models("promote", "pump/ae@1", "--why", "a trial", "--who", "ann")
                        .out())
                .contains("pump/ae: version 1 scores now, before it version 3");
        assertThat(states()).containsExactly("1 champion", "2 retired", "3 retired");
        models("pin", "pump/ae", "--why", "keep it");
        assertThat(states()).containsExactly("1 pinned", "2 retired", "3 retired");
        CommandLineSession refused = models("rollback", "pump/ae", "--why", "no");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("champion pump/ae@1 is pinned; unpin it first, or use --force");
        models("unpin", "pump/ae", "--why", "enough");
        assertThat(models("rollback", "pump/ae@1", "--why", "worse").out()).contains("version 3 scores now");
        String audit = models("audit", "pump/ae", "--changes").out();
        assertThat(audit).contains("ann", "a trial", "promote", "3 -> 1", "refused", "worse", "1 -> 3");
        JsonNode first = new ObjectMapper()
                .readTree(models("audit", "--changes", "--json")
                        .out()
                        .lines()
                        .findFirst()
                        .orElse(""));
        assertThat(first.path("who").asText()).isEqualTo("ann");
        assertThat(first.path("after").asInt()).isEqualTo(1);
    }

    @Test
    void anExportedModelComesBackUnderTheNextNumberAndADamagedFileDoesNot() throws Exception {
        Path file = folder.resolve("pump.model");
        models("export", "pump/ae@2", file.toString());
        assertThat(models("import", file.toString(), "--why", "back again").out())
                .contains("imported pump/ae@2 as pump/ae@4, a challenger");
        assertThat(models("import", file.toString(), "--as", "hall/ae", "--promote", "--why", "the same pumps")
                        .out())
                .contains("imported pump/ae@2 as hall/ae@1, which scores now");
        assertThat(states()).contains("4 challenger");
        assertThat(models("show", "pump/ae@4").out()).contains("parent           2");
        assertThat(models("diff", "pump/ae@2", "pump/ae@4").out()).contains("The weights part by 0.0000");
        assertThat(models("diff", "pump/ae", "pump/ae@4").out()).contains("param/gain");
        assertThat(models("retire", "pump/ae@4", "--why", "done").out()).contains("version 3 scores");

        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 3] ^= 1;
        Files.write(file, bytes);
        CommandLineSession damaged = models("import", file.toString(), "--why", "x");
        assertThat(damaged.exitCode()).isEqualTo(1);
        assertThat(damaged.err()).contains("does not have the hash");
    }

    @Test
    void aNetworkOfDeeplearning4jBecomesAChallengerAndAnotherIsRefused() throws Exception {
        Zoo zoo = Zoo.load(Path.of("topology/zoo"));
        StreamSpec machines = StreamFile.read(Path.of("topology/examples/machines.yaml"));
        Network network = zoo.spec("dense-ae").bind(machines);
        NetworkState state = Initializer.initialState(network, 5);
        Path file = folder.resolve("machines.zip");
        Dl4jFile.write(network, state, file);
        assertThat(models("import", file.toString(), "--why", "x").err()).contains("say with --as STREAM/NETWORK");
        assertThat(models("import", file.toString(), "--as", "machines/dense-ae", "--promote", "--why", "x")
                        .out())
                .contains("imported machines.zip as machines/dense-ae@1, which scores now");
        assertThat(ModelReader.load(connection, new ModelId("machines", "dense-ae"), 1)
                        .weights()
                        .tensor("param/1.dense/weight")
                        .values())
                .isEqualTo(state.tensor("param/1.dense/weight").values());
        CommandLineSession other = models("import", file.toString(), "--as", "machines/deep-ae", "--why", "x");
        assertThat(other.exitCode()).isEqualTo(1);
        assertThat(other.err()).contains("but the declared network has");
    }

    @Test
    void whatCannotBeAskedForSaysWhatToDo() {
        assertThat(models("promote", "pump/ae", "--why", "x").err()).contains("say which version: pump/ae@VERSION");
        assertThat(models("promote", "pump@ae", "--why", "x").err()).contains("STREAM/NETWORK@VERSION");
        assertThat(models("promote", "pump/ae@2").err()).contains("--why");
        assertThat(models("promote", "pump/ae@9", "--why", "x").err()).contains("there is no pump/ae@9");
        assertThat(models("show", "pump/ae@9").err()).contains("there is no model pump/ae@9; see tidemark models list");
        CommandLineSession unknown = models("pin", "no/such", "--why", "x", "--answer-within", "1s");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err()).contains("there is no model no/such");
    }

    private List<String> states() throws Exception {
        List<String> states = new ArrayList<>();
        for (String line :
                models("list", "--stream", "pump", "--json").out().lines().toList()) {
            JsonNode node = new ObjectMapper().readTree(line);
            states.add(node.path("version").asInt() + " " + node.path("state").asText());
        }
        return states;
    }

    private CommandLineSession models(String... arguments) {
        List<String> all = new ArrayList<>(List.of("models"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--bootstrap", kafka.bootstrap(), "--prefix", kafka.prefix()));
        return CommandLineSession.of(all.toArray(String[]::new));
    }
}
