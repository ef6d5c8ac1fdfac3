package io.tidemark.role.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.StreamSpec;
import io.tidemark.net.engine.TestNetworks;
import org.junit.jupiter.api.Test;

class ProvenanceTest {
    @Test
    void theConfigurationHashOfALineageIsPinned() {
        StreamSpec stream = TestNetworks.stream(2);
        assertThat(Provenance.config(stream, TestNetworks.both(2).get(0)))
                .isEqualTo("1309452d7429a69afdb63214dc1030aeed0f1bc6a383499b3cde220f660d6ea9");
    }
}
