package io.tidemark.series.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.config.InputSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Asks a schema registry by HTTP: Confluent's interface, or Apicurio's own where the address ends in {@code /apis/registry/v2} or
 * {@code v3}. A server that fails is asked again for a while.
 */
final class SchemaRegistry {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
    private static final int TRIES = 4;
    private static final long PAUSE_MS = 250;
    private static final int REFERENCES_MAX = 100;

    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(ANSWER_WITHIN)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    private final String url;
    private final boolean apicurio;
    private final boolean apicurio3;
    private final Path credentials;

    SchemaRegistry(InputSpec.Schema declared) {
        url = declared.registry().replaceAll("/+$", "");
        apicurio = url.matches(".*/apis/registry/v[0-9]+");
        apicurio3 = apicurio && !url.endsWith("/v2");
        credentials = Path.of(declared.credentials());
    }

    /**
     * @throws SchemaException when the registry has no such schema
     * @throws SchemaUnavailableException when it does not answer
     */
    SchemaText schema(SchemaId id) throws SchemaException {
        return apicurio ? ofApicurio(id) : ofConfluent(id);
    }

    private SchemaText ofConfluent(SchemaId id) throws SchemaException {
        String path = id.kind() == SchemaId.Kind.GUID ? "/schemas/guids/" + id.guid() : "/schemas/ids/" + id.number();
        JsonNode answer = json(get(path, "schema " + id), path);
        String type = answer.path("schemaType").asText("AVRO");
        List<SchemaText.Reference> references = new ArrayList<>();
        confluentReferences(answer.path("references"), references);
        return new SchemaText(type, answer.path("schema").asText(), references);
    }

    private void confluentReferences(JsonNode listed, List<SchemaText.Reference> into) throws SchemaException {
        for (JsonNode reference : listed) {
            String name = reference.path("name").asText();
            if (isKnown(name, into)) continue;
            String path = "/subjects/" + encoded(reference.path("subject").asText()) + "/versions/"
                    + reference.path("version").asInt();
            JsonNode answer = json(get(path, "referenced schema " + name), path);
            confluentReferences(answer.path("references"), into);
            add(new SchemaText.Reference(name, answer.path("schema").asText()), into);
        }
    }

    private SchemaText ofApicurio(SchemaId id) throws SchemaException {
        if (id.kind() == SchemaId.Kind.GUID) {
            throw SchemaException.unknown("the record names its schema as Confluent's serializers do, but " + url
                    + " is Apicurio's interface");
        }
        String path = (id.kind() == SchemaId.Kind.GLOBAL ? "/ids/globalIds/" : "/ids/contentIds/") + id.number();
        String text = get(path, "schema " + id);
        List<SchemaText.Reference> references = new ArrayList<>();
        apicurioReferences(path + "/references", references);
        return new SchemaText("", text, references);
    }

    private void apicurioReferences(String list, List<SchemaText.Reference> into) throws SchemaException {
        for (JsonNode reference : json(get(list, "references of " + list), list)) {
            String name = reference.path("name").asText();
            if (isKnown(name, into)) continue;
            String group = reference.path("groupId").asText("default");
            String version = "/groups/" + encoded(group.isEmpty() ? "default" : group) + "/artifacts/"
                    + encoded(reference.path("artifactId").asText()) + "/versions/"
                    + encoded(reference.path("version").asText());
            String text = get(apicurio3 ? version + "/content" : version, "referenced schema " + name);
            apicurioReferences(version + "/references", into);
            add(new SchemaText.Reference(name, text), into);
        }
    }

    private static boolean isKnown(String name, List<SchemaText.Reference> in) {
        return in.stream().anyMatch(reference -> reference.name().equals(name));
    }

    private static void add(SchemaText.Reference reference, List<SchemaText.Reference> into) throws SchemaException {
        if (into.size() == REFERENCES_MAX) {
            throw SchemaException.unknown("the schema has more than " + REFERENCES_MAX + " references");
        }
        into.add(reference);
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private JsonNode json(String answer, String path) throws SchemaException {
        try {
            return JSON.readTree(answer);
        } catch (IOException e) {
            throw SchemaException.unknown(url + path + " did not answer JSON; is it a schema registry?");
        }
    }

    private String get(String path, String what) throws SchemaException {
        HttpResponse<String> answer = answer(path);
        int status = answer.statusCode();
        if (status == 200) return answer.body();
        throw SchemaException.unknown(
                switch (status) {
                    case 404 -> url + " has no " + what + " (404 at " + path + ")";
                    case 401, 403 ->
                        url + " refuses " + path + " (" + status + "); declare input.schema.credentials, or mend them";
                    default -> url + " answered " + status + " at " + path;
                });
    }

    private HttpResponse<String> answer(String path) {
        String failure = "";
        IOException last = new IOException("no answer");
        for (int attempt = 0; attempt < TRIES; attempt++) {
            try {
                if (attempt > 0) Thread.sleep(PAUSE_MS << attempt);
                HttpResponse<String> answer =
                        http.send(request(path), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
                if (answer.statusCode() < 500 && answer.statusCode() != 429) return answer;
                failure = "status " + answer.statusCode();
            } catch (IOException e) {
                last = e;
                failure = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SchemaUnavailableException("interrupted while asking " + url, e);
            }
        }
        throw new SchemaUnavailableException(
                "the schema registry " + url + " did not answer " + TRIES + " times: " + failure, last);
    }

    private HttpRequest request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(ANSWER_WITHIN)
                .header("Accept", "application/vnd.schemaregistry.v1+json, application/json, */*");
        if (!credentials.toString().isEmpty()) request.header("Authorization", authorization());
        return request.build();
    }

    /** Read anew each time, so that credentials may change while the process runs. */
    private String authorization() {
        try {
            String secret = Files.readString(credentials).strip();
            if (!secret.contains(":")) return "Bearer " + secret;
            return "Basic " + Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    new IOException("input.schema.credentials " + credentials + " cannot be read", e));
        }
    }
}
