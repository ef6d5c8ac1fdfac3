package io.tidemark.app.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** What axe-core finds wrong with a page. */
final class Accessibility {
    private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";

    private static final String RUN = """
            axe.run(document, {resultTypes: ['violations']}).then(found => found.violations
              .filter(rule => ['serious', 'critical'].includes(rule.impact))
              .flatMap(rule => rule.nodes.map(node => rule.id + ' at ' + node.target.join(' ') + ': ' + node.failureSummary)))
            """;

    private Accessibility() {}

    /** A line for each element that breaks a rule which axe-core calls serious or critical. */
    static List<String> findings(Browser browser) throws Exception {
        if (!browser.value("'axe' in window").asBoolean()) browser.value(source() + "; true");
        List<String> findings = new ArrayList<>();
        for (JsonNode finding : browser.value(RUN))
            findings.add(finding.asText().replaceAll("\\s+", " "));
        return findings;
    }

    private static String source() throws IOException {
        try (InputStream in = Accessibility.class.getResourceAsStream(AXE)) {
            if (in == null) throw new IOException("the test class path lacks " + AXE);
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
