package io.tidemark.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.net.engine.BareLoop;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.Engines;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.Zoo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BareLoopTest {
    private static final int BATCH = 4;

    @ParameterizedTest
    @ValueSource(strings = {"dl4j", "djl"})
    void aLoopOnTheLibraryAloneTrainsAndScoresTheReferenceNetworks(String name) {
        List<Network> networks = new ArrayList<>();
        networks.add(Zoo.load(Path.of("topology/zoo")).spec("dense-ae").bind(1));
        ReferenceNetworks.all().forEach(subject -> networks.add(subject.spec().bind(subject.features())));
        try (Engine engine = Engines.open(name, new DeviceSpec.Cpu())) {
            for (Network network : networks) {
                try (BareLoop loop = engine.bare(network, BATCH).orElseThrow()) {
                    assertThat(loop.input())
                            .hasSize(BATCH * network.inputs().get(0).size());
                    assertThat(loop.target())
                            .hasSize(BATCH * network.targets().get(0).size());
                    Arrays.fill(loop.input(), 0.25f);
                    Arrays.fill(loop.target(), 0.75f);
                    loop.train();
                    loop.score();
                }
            }
        }
    }
}
