package io.tidemark.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The bill of materials that is shipped names what is shipped: every library, by its bytes, with its version and its licence. */
class SbomIT {
    private static final Path LIBRARIES = Path.of(System.getProperty("tidemark.lib", "target/lib"));

    @Test
    void everyLibraryIsInItWithItsVersionItsLicenceAndItsBytes() throws Exception {
        Path file = LIBRARIES.resolveSibling("sbom.json");
        boolean there = Files.exists(file);
        if (!there)
            System.err.println("skipped: " + file + " is not there, as after a build without a network (mvn -o)");
        assumeTrue(there, "no SBOM");
        JsonNode sbom = new ObjectMapper().readTree(Files.readAllBytes(file));
        Map<String, JsonNode> byBytes = new HashMap<>();
        for (JsonNode component : sbom.get("components")) {
            for (JsonNode hash : component.path("hashes")) {
                if (hash.path("alg").asText().equals("SHA-256"))
                    byBytes.put(hash.path("content").asText(), component);
            }
        }
        List<String> wrong = new ArrayList<>();
        List<Path> jars;
        try (Stream<Path> files = Files.list(LIBRARIES)) {
            jars = files.toList();
        }
        for (Path jar : jars) {
            JsonNode component = byBytes.get(sha256(jar));
            if (component == null) wrong.add(jar + " is not in the SBOM");
            else if (!String.valueOf(jar.getFileName())
                    .startsWith(component.path("name").asText() + "-" + version(component)))
                wrong.add(jar + " is called " + component.path("purl").asText());
            else if (component.path("licenses").isEmpty()) wrong.add(jar + " has no licence");
        }
        assertThat(wrong).isEmpty();
        assertThat(sbom.get("components")).as("and nothing else").hasSameSizeAs(jars);
        assertThat(sbom.at("/metadata/component/name").asText()).isEqualTo("tidemark");
        assertThat(sbom.at("/metadata/component/licenses")).isNotEmpty();
    }

    private static String version(JsonNode component) {
        return component.path("version").asText();
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }
}
