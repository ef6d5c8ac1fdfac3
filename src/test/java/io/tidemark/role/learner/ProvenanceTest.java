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
                .isEqualTo("ab1fef705e682761920d568d67456d2437195cc3ce668be2bc8ccc83091f76b5");
    }
}
