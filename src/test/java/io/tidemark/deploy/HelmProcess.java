package io.tidemark.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Helm's own code in a JVM of its own, for it is a native library, written in Go, that takes over the JVM's signals. One question
 * and one answer at a time, each a line of JSON; it ends with its input.
 */
final class HelmProcess implements AutoCloseable {
    /** The oldest Kubernetes that Chart.yaml takes. */
    private static final String OLDEST = "1.25.0";

    private static final String ANSWER = "answer ";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Stands in place of {@code helm.sh/hook} where templates with hooks are rendered like all others. */
    static final String HOOK = "helm.sh/was-hook";

    private final Process process;
    private final Writer questions;
    private final BufferedReader answers;

    HelmProcess() throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HelmProcess.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        questions = process.outputWriter(UTF_8);
        answers = process.inputReader(UTF_8);
    }

    /**
     * Asks.
     *
     * @param command lint, template, tests (template of a copy without hooks, which the library leaves out) or install (as a trial, without a
     *     cluster), or load for nothing
     * @param values a file of YAML over the default values
     * @return what Helm prints
     * @throws IllegalStateException with Helm's message when it refuses
     * @throws UnsatisfiedLinkError when the library cannot be loaded here
     */
    String ask(String command, String release, String values) throws IOException {
        ObjectNode question = JSON.createObjectNode();
        question.put("command", command).put("release", release).put("values", values);
        questions.write(question + "\n");
        questions.flush();
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (!line.startsWith(ANSWER)) continue;
            JsonNode answer = JSON.readTree(line.substring(ANSWER.length()));
            if (answer.has("missing"))
                throw new UnsatisfiedLinkError(answer.path("missing").asText());
            if (answer.has("refused"))
                throw new IllegalStateException(answer.path("refused").asText());
            return answer.path("text").asText();
        }
        throw new IOException("Helm's process has ended without an answer");
    }

    @Override
    public void close() throws IOException {
        questions.close();
        answers.close();
        process.onExit().join();
    }

    /** The other side. */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            JsonNode question = JSON.readTree(line);
            ObjectNode answer = JSON.createObjectNode();
            try {
                answer.put("text", answer(question));
            } catch (LinkageError e) {
                answer.put("missing", cause(e).toString());
            } catch (RuntimeException e) {
                answer.put("refused", String.valueOf(e.getMessage()));
            }
            out.println("\n" + ANSWER + answer);
        }
    }

    private static Throwable cause(Throwable e) {
        @Nullable Throwable cause = e.getCause();
        return cause == null ? e : cause(cause);
    }

    private static String template(Helm chart, String release, Path values) {
        return chart.template()
                .withName(release)
                .withNamespace("plant")
                .withKubeVersion(OLDEST)
                .withValuesFile(values)
                .call();
    }

    private static Path withoutHooks() throws IOException {
        Path copy = Files.createTempDirectory("chart");
        copy.toFile().deleteOnExit();
        try (Stream<Path> files = Files.walk(HelmChart.FOLDER)) {
            for (Path file : files.toList()) {
                Path to = copy.resolve(HelmChart.FOLDER.relativize(file).toString());
                if (Files.isDirectory(file)) Files.createDirectories(to);
                else Files.writeString(to, Files.readString(file).replace("helm.sh/hook:", HOOK + ":"));
                to.toFile().deleteOnExit();
            }
        }
        return copy;
    }

    private static String answer(JsonNode question) throws IOException {
        Helm chart = new Helm(HelmChart.FOLDER);
        String release = question.path("release").asText();
        Path values = Path.of(question.path("values").asText());
        return switch (question.path("command").asText()) {
            case "load" -> chart.show().chart().call();
            case "lint" -> {
                LintResult lint = chart.lint().strict().call();
                List<String> messages = lint.getMessages();
                yield String.join("\n", messages) + (lint.isFailed() ? "\nfailed" : "\npassed");
            }
            case "template" -> template(chart, release, values);
            case "tests" -> template(new Helm(withoutHooks()), release, values);
            case "install" ->
                chart.install()
                        .withName(release)
                        .withNamespace("plant")
                        .withKubeVersion(OLDEST)
                        .withValuesFile(values)
                        .dryRun()
                        .clientOnly()
                        .call()
                        .getOutput();
            default -> throw new IllegalArgumentException(question.toString());
        };
    }
}
