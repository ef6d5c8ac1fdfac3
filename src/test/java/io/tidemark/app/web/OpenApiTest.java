package io.tidemark.app.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The document of the console's API is OpenAPI 3.1 to a reader that was not written here. */
class OpenApiTest {
    private static String document() throws IOException {
        try (InputStream in = WebConsole.class.getResourceAsStream("/console/openapi.json")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
        }
    }

    private static SwaggerParseResult read(String document) {
        ParseOptions options = new ParseOptions();
        options.setResolve(true);
        return new OpenAPIV3Parser().readContents(document, null, options);
    }

    @Test
    void swaggersParserFindsNothingWrongWithIt() throws IOException {
        SwaggerParseResult result = read(document());
        assertThat(result.getMessages()).isEmpty();
        assertThat(result.isOpenapi31()).isTrue();
        OpenAPI api = result.getOpenAPI();
        List<Operation> operations = api.getPaths().values().stream()
                .flatMap(path -> path.readOperations().stream())
                .toList();
        assertThat(operations).hasSizeGreaterThan(19).allSatisfy(operation -> {
            assertThat(operation.getOperationId()).isNotEmpty();
            assertThat(operation.getSummary()).isNotEmpty();
            assertThat(operation.getResponses().keySet()).contains("200", "default");
        });
        assertThat(operations.stream().map(Operation::getOperationId)).doesNotHaveDuplicates();
    }

    @Test
    void swaggersParserFindsWhatIsWrong() throws IOException {
        String document = document();
        assertThat(read(document.replaceFirst("\"required\": true, \"schema\"", "\"requird\": true, \"schema\""))
                        .getMessages())
                .anySatisfy(message -> assertThat(message).contains("requird"));
        assertThat(read(document.replaceFirst("\"in\": \"query\"", "\"in\": \"nowhere\""))
                        .getMessages())
                .isNotEmpty();
        assertThat(read(document.replaceFirst("\"title\": \"[^\"]*\",", "")).getMessages())
                .anySatisfy(message -> assertThat(message).contains("title"));
    }
}
