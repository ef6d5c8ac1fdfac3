package io.tidemark.net.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** NETWORKS.md names every layer, and every layer's example is read. */
class NetworksDocumentTest {
    @Test
    void theTableNamesEveryLayer() throws IOException {
        String table = Files.readString(Path.of("src/docs/NETWORKS.md"));
        for (String word : LayerFile.WORDS) assertThat(table).as("NETWORKS.md").contains("`" + word + "`");
    }

    @Test
    void theInceptionBlockOfThePageIsANetwork() throws IOException {
        String page = Files.readString(Path.of("src/docs/NETWORKS.md"));
        String block = page.substring(page.indexOf("```yaml\n") + 8, page.indexOf("\n```", page.indexOf("```yaml\n")));
        List<Problem> problems = new ArrayList<>();
        assertThat(ZooFile.parse("inception", file(block + "\n  - dense: {units: output}"), problems))
                .as("%s", problems)
                .hasValueSatisfying(entry -> assertThat(entry.spec().bind(3).layers())
                        .element(6)
                        .extracting(BoundLayer::output)
                        .isEqualTo(new int[] {8, 24}));
    }

    @Test
    void theExampleOfEveryLayerIsRead() {
        for (String word : LayerFile.WORDS) {
            String example = LayerFile.PLAIN.contains(word) ? word : LayerFile.example(word);
            List<Problem> problems = new ArrayList<>();
            ZooFile.parse("example", file("  - " + example), problems);
            assertThat(problems)
                    .as(word)
                    .noneMatch(problem -> problem.toString().contains("is not a layer")
                            || problem.toString().contains("is missing")
                            || problem.toString().contains("known setting"));
        }
    }

    private static String file(String layers) {
        return """
                summary: a
                works: b
                fails: c
                cost: d
                paper: e
                kind: autoencoder
                window: 8
                training: {loss: mse, learning-rate: 0.001, batch: 8}
                layers:
                """ + layers + "\n";
    }
}
