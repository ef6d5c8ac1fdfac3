package io.tidemark.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class InstalledTopicsTest {
    @Test
    void theSentenceNamesThePrefixesThatThereAre() {
        assertThat(InstalledTopics.missing("nope.models", Set.of("orders", "prod.incident-inbox", "incident-inbox.x")))
                .isEqualTo("there is no topic nope.models; check --prefix (there are Tidemark's topics under prod.),"
                        + " or create Tidemark's topics with 'tidemark streams apply'");
        assertThat(InstalledTopics.missing("nope.models", Set.of("orders")))
                .isEqualTo("there is no topic nope.models; check --prefix,"
                        + " or create Tidemark's topics with 'tidemark streams apply'");
        assertThat(InstalledTopics.missing(
                        "models",
                        Set.of(
                                "a.incident-inbox",
                                "b.incident-inbox",
                                "c.incident-inbox",
                                "d.incident-inbox",
                                "e.incident-inbox",
                                "f.incident-inbox",
                                "g.incident-inbox")))
                .contains("under a., b., c., d., e. and 2 more)");
    }
}
