package io.tidemark.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.CodeBlocks;
import io.tidemark.WrittenFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents are a site: each can be reached from the index and from the site's menu, and a generator takes them. */
class SiteTest {
    private static final Path DOCUMENTS = Path.of("src/docs");
    private static final Path INDEX = DOCUMENTS.resolve("index.md");
    private static final Path REFERENCE = DOCUMENTS.resolve("guide/reference.md");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s:]+)(#[^)]*)?\\)");

    private static final Path DECISIONS = DOCUMENTS.resolve("decisions");
    private static final Path LIST = DECISIONS.resolve("README.md");

    /** Decisions have a page that lists them; they themselves are no pages of the menu. */
    private static Set<String> documents() throws IOException {
        Set<String> pages = new TreeSet<>(Set.of(
                "README.md",
                "SECURITY.md",
                "CHANGELOG.md",
                "deploy/README.md",
                "deploy/RUNBOOK.md",
                "deploy/image/README.md"));
        try (Stream<Path> files = Files.walk(DOCUMENTS)) {
            files.filter(file -> file.toString().endsWith(".md") && (!file.startsWith(DECISIONS) || file.equals(LIST)))
                    .forEach(file -> pages.add(file.toString()));
        }
        return pages;
    }

    private static void menu(JsonNode entry, List<String> pages) {
        if (entry.isTextual()) pages.add(entry.asText());
        else entry.forEach(below -> menu(below, pages));
    }

    private static Set<String> linksOf(Path page) throws IOException {
        Set<String> targets = new TreeSet<>();
        Matcher link = LINK.matcher(Files.readString(page));
        while (link.find())
            targets.add(page.resolveSibling(link.group(1)).normalize().toString());
        return targets;
    }

    @Test
    void theMenuHasEveryDocumentOnce() throws IOException {
        List<String> pages = new ArrayList<>();
        menu(Rule.yaml(Path.of("mkdocs.yml")).get("nav"), pages);
        assertThat(pages).containsExactlyInAnyOrderElementsOf(documents());
    }

    @Test
    void theIndexAndTheReferenceLeadToEveryDocument() throws IOException {
        Set<String> reached = linksOf(INDEX);
        reached.addAll(linksOf(REFERENCE));
        reached.add(INDEX.toString());
        reached.addAll(List.of("SECURITY.md", "CHANGELOG.md", "deploy/image/README.md")); // linked where they belong
        assertThat(reached).containsAll(documents());
    }

    @Test
    void theListOfDecisionsHasEachOfThem() throws IOException {
        StringBuilder list = new StringBuilder("""
                # Decisions

                Why this and not the other: each record has its context, the decision, what was rejected, and the numbers. Written by
                `mvn -q test -Dtest=SiteTest -Dregenerate`.

                | record | decision |
                |---|---|
                """);
        try (Stream<Path> files = Files.list(DECISIONS)) {
            for (Path file : files.filter(file -> !file.equals(LIST)).sorted().toList()) {
                String name = String.valueOf(file.getFileName());
                String title = Files.readAllLines(file).get(0).replaceFirst("^# (\\d+\\.? )?", "");
                list.append("| [" + name.substring(0, 4) + "](" + name + ") | " + title + " |\n");
            }
        }
        WrittenFile.hold(LIST, list.toString(), "mvn -q test -Dtest=SiteTest -Dregenerate");
    }

    /** A link to a folder is dead on a site: a generator makes no page of it. */
    @Test
    void noPageOfTheSiteLinksToAFolderOfDocuments() throws IOException {
        for (String page : documents()) {
            for (String target : linksOf(Path.of(page))) {
                assertThat(Path.of(target).startsWith(DOCUMENTS) && Files.isDirectory(Path.of(target)))
                        .as("%s links to the folder %s", page, target)
                        .isFalse();
            }
        }
    }

    @Test
    void mkdocsMakesASiteOfThemWithoutAWarning() throws Exception {
        Programs.need("mkdocs", "git");
        List<String> blocks = CodeBlocks.shell(Files.readString(INDEX));
        assertThat(blocks).as("the commands that make the site").isNotEmpty();
        Programs.run("", "bash", "-euo", "pipefail", "-c", blocks.get(0));
        Path site = Path.of("target", "site");
        assertThat(Files.readString(site.resolve("src/docs/decisions/index.html")))
                .contains("href=\"0044-incidents.html\"");
        assertThat(Files.readString(site.resolve("src/docs/guide/reference.html")))
                .contains("../decisions/index.html");
        assertThat(Files.readString(site.resolve("src/docs/guide/own-topic.html")))
                .contains("../RECORDS.html#incidents")
                .as("nothing is loaded from elsewhere")
                .doesNotContainPattern("<(script|link|img)[^>]*(src|href)=\"(https?:)?//");
    }
}
