package io.tidemark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What holds for every file of the repository. The patterns have brackets so that they do not find themselves. */
class RepositoryTest {

    private static final long FILE_BYTES_MAX = 2L * 1024 * 1024;

    private static final long LINES_MAX = 400;

    private static final Pattern MACHINE_PATH =
            Pattern.compile("(?<![\\w.}$])/(wor[k]|roo[t]|hom[e]/\\w+|User[s]/\\w+)/");

    private static final Pattern REGISTRY_HOST = Pattern.compile(
            "repo1?\\.mave[n]|(?<!apicurio\\.)\\bregistr[y]\\.[\\w-]+\\.[a-z]{2,}|docke[r]\\.io|ghc[r]\\.io|qua[y]\\.io|gc[r]\\.io|npmj[s]\\.|pyp[i]\\.org"
                    + "|artifactor[y]\\.");

    private static final Pattern UNFINISHED = Pattern.compile("\\b(TOD[O]|FIXM[E]|XX[X])\\b");

    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)#\\s]+)(#[^)]*)?\\)");

    private static final Pattern PART = Pattern.compile("]\\(([^)#\\s:]*\\.md|)#([^)\\s]+)\\)");

    @Test
    void noFileNamesAPathOfOneMachine() throws Exception {
        assertThat(matches(MACHINE_PATH)).isEmpty();
    }

    @Test
    void noFileNamesThePlaceThatLibrariesOrImagesComeFrom() throws Exception {
        assertThat(matches(REGISTRY_HOST)).isEmpty();
    }

    @Test
    void noFilePostponesWork() throws Exception {
        assertThat(matches(UNFINISHED)).isEmpty();
    }

    @Test
    void noFileIsBiggerThanTwoMebibytes() throws Exception {
        List<String> big = new ArrayList<>();
        for (Path file : RepositoryFiles.all()) {
            long bytes = Files.size(RepositoryFiles.ROOT.resolve(file));
            if (bytes > FILE_BYTES_MAX) {
                big.add(file + " has " + bytes + " bytes");
            }
        }
        assertThat(big).isEmpty();
    }

    @Test
    void noTwoFilesDeclareATypeOfTheSameName() throws Exception {
        Map<String, List<Path>> byName = new TreeMap<>();
        for (Path file : RepositoryFiles.all()) {
            String name = file.getFileName().toString();
            if (name.endsWith(".java") && !name.equals("package-info.java")) {
                byName.computeIfAbsent(name, n -> new ArrayList<>()).add(file);
            }
        }
        byName.values().removeIf(files -> files.size() == 1);
        assertThat(byName).as("a reader who searches for a type finds one").isEmpty();
    }

    @Test
    void noFileOfTheProductIsLongerThanFourHundredLines() throws Exception {
        Set<String> longer = new TreeSet<>();
        for (Path file : RepositoryFiles.all()) {
            if (!file.toString().contains("src/main/java/")) continue;
            if (text(file).lines().count() > LINES_MAX)
                longer.add(file.getFileName().toString());
        }
        assertThat(longer)
                .as("a file has one subject; split it where two meet")
                .isSubsetOf("FeatureEvidence.java", "SeriesCalibration.java");
    }

    private static List<Path> documents() throws Exception {
        return RepositoryFiles.all().stream()
                .filter(file -> file.toString().endsWith(".md"))
                .toList();
    }

    @Test
    void linesOfDocumentsEndByColumn120() throws Exception {
        List<String> long120 = new ArrayList<>();
        for (Path file : documents()) {
            boolean code = false;
            int number = 0;
            for (String line : text(file).split("\n")) {
                number++;
                code ^= line.strip().startsWith("```");
                boolean cannotBreak = line.strip().startsWith("|") || line.startsWith("#") || code;
                if (!cannotBreak && line.length() > DocumentLines.COLUMNS_MAX) {
                    long120.add(file + ":" + number + " has " + line.length() + " characters");
                }
            }
        }
        assertThat(long120).isEmpty();
    }

    @Test
    void everyDecisionSaysWhyNotTheOther() throws Exception {
        List<String> missing = new ArrayList<>();
        for (Path file : documents()) {
            if (file.startsWith("src/docs/decisions") && !file.endsWith("README.md")) {
                List<String> lines = text(file).lines().map(String::strip).toList();
                for (String section : List.of("Context", "Decision", "Rejected alternatives", "Numbers")) {
                    if (!lines.contains("## " + section)) {
                        missing.add(file + " lacks the section \"## " + section + "\"");
                    }
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void everyLinkBetweenDocumentsLeadsSomewhere() throws Exception {
        List<String> dead = new ArrayList<>();
        for (Path file : documents()) {
            Matcher link = LINK.matcher(text(file));
            while (link.find()) {
                String target = link.group(1);
                if (!target.contains(":")
                        && !Files.exists(RepositoryFiles.ROOT.resolve(file).resolveSibling(target))) {
                    dead.add(file + " links to " + target);
                }
            }
        }
        assertThat(dead).isEmpty();
    }

    @Test
    void everyLinkToAPartOfADocumentLeadsToAHeading() throws Exception {
        List<String> dead = new ArrayList<>();
        for (Path file : documents()) {
            Matcher link = PART.matcher(text(file));
            while (link.find()) {
                Path target = link.group(1).isEmpty()
                        ? file
                        : file.resolveSibling(link.group(1)).normalize();
                if (!headings(text(target)).contains(link.group(2))) dead.add(file + " links to " + link.group());
            }
        }
        assertThat(dead).isEmpty();
    }

    @Test
    void aHeadingIsLinkedToByItsWordsInLowerCase() {
        assertThat(headings("# Not this: one, *two* & `three-four`\n```sh\n# no heading\n```\n## 2. A_b (c)\n"))
                .containsExactly("2-a_b-c", "not-this-one-two--three-four");
    }

    /** The names by which GitHub, and generators like it, know a document's headings. */
    private static Set<String> headings(String document) {
        Set<String> names = new TreeSet<>();
        boolean code = false;
        for (String line : document.split("\n")) {
            code ^= line.strip().startsWith("```");
            if (code || !line.matches("#{1,6} .*")) continue;
            names.add(line.replaceFirst("#+ ", "")
                    .replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                    .strip()
                    .replace(' ', '-'));
        }
        return names;
    }

    private static List<String> matches(Pattern pattern) throws IOException, InterruptedException {
        List<String> found = new ArrayList<>();
        for (Path file : RepositoryFiles.all()) {
            int number = 0;
            for (String line : text(file).split("\n", -1)) {
                number++;
                if (pattern.matcher(line).find()) {
                    found.add(file + ":" + number + ": " + line.strip());
                }
            }
        }
        return found;
    }

    private static String text(Path file) throws IOException {
        return RepositoryFiles.text(file).orElse("");
    }
}
