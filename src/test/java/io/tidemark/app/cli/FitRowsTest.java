package io.tidemark.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that {@code networks fit} reads: each stands in its series, or is counted and told. */
class FitRowsTest {
    private static final int ROWS = 400;

    @TempDir
    private Path folder;

    private static String row(int i, boolean lines, boolean several, char delimiter, Random random) {
        String at = i % 37 == 5 ? "soon" : Long.toString(1_700_000_000L + i);
        String pump = i % 29 == 8 ? "" : "p" + random.nextInt(3);
        String flow = i % 11 == 3 ? "bad" : Double.toString(random.nextGaussian());
        if (!lines) {
            String cells = String.join(delimiter + "", at, pump, flow) + (i % 43 == 4 ? "" : delimiter + "1");
            return i % 41 == 9 ? cells + delimiter + "2" + delimiter + "3" : cells;
        }
        if (i % 41 == 9) return "{\"at\":";
        String event = "{\"at\":\"" + at + "\",\"kind\":\"" + (i % 7 == 0 ? "b" : "a") + "\",\"pump\":\"" + pump
                + "\",\"flow\":\"" + flow + "\",\"load\":1}";
        return several ? "{\"all\":[" + event + (i % 3 == 0 ? "," + event : "") + "]}" : event;
    }

    private static byte[] packed(String name, byte[] text) throws IOException {
        if (name.endsWith("zst")) return Zstd.compress(text);
        if (!name.endsWith("gz")) return text;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text);
        }
        return out.toByteArray();
    }

    private static long number(String pattern, String told) {
        long sum = 0;
        for (Matcher found = Pattern.compile(pattern).matcher(told); found.find(); )
            sum += Long.parseLong(found.group(1));
        return sum;
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.csv", "a.TSV", "a.txt.gz", "a.csv.zst", "a.ndjson", "a.jsonl.gz", "several.ndjson"})
    void everyRowOfAStreamsFileIsKeptOrTold(String name) throws IOException {
        boolean lines = name.contains("json");
        boolean several = name.startsWith("several");
        char delimiter = name.contains("TSV") ? '\t' : ',';
        Random random = new Random(name.hashCode());
        StringBuilder text = new StringBuilder(lines ? "" : "at,pump,flow,load\n".replace(',', delimiter));
        int events = 0;
        for (int i = 0; i < ROWS; i++) {
            text.append(row(i, lines, several, delimiter, random)).append('\n');
            events += several && i % 3 == 0 && i % 41 != 9 ? 2 : 1;
        }
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.write(data.resolve(name), packed(name, text.toString().getBytes(StandardCharsets.UTF_8)));
        String choice = (lines ? ", where: {kind: a}" : "") + (several ? ", records: all" : "");
        StreamSpec stream = StreamFile.read(Files.writeString(
                folder.resolve("s.yaml"),
                "stream: s\ninput: {topic: t, time: at, series: [pump], features: [flow, load], on-bad: reject" + choice
                        + "}\n"));
        List<String> said = new ArrayList<>();

        List<SeriesTable> tables = SeriesTable.below(data, Optional.of(stream), said::add);

        String told = String.join("\n", said);
        assertThat(number("of (\\d+) rows", told)).as(told).isEqualTo(events);
        long kept = tables.stream().mapToLong(SeriesTable::rows).sum();
        long lost = number("(\\d+) of these in no series", told);
        long passedOver = number("(\\d+) passed over", told);
        assertThat(kept + lost + passedOver).as(told).isEqualTo(events);
        assertThat(number("(\\d+) rejected", told)).as(told).isGreaterThan(lost);
        assertThat(lost).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ";", "\t"})
    void everyValueOfAPlainFileThatIsNoNumberIsTold(String delimiter) throws IOException {
        Random random = new Random(3);
        List<String> rows = new ArrayList<>(List.of("time" + delimiter + "flow" + delimiter + "load"));
        long bad = 0;
        for (int i = 0; i < ROWS; i++) {
            String flow = i > 0 && random.nextInt(9) == 0 ? "Bad Input" : "1.5";
            boolean cut = i > 0 && random.nextInt(9) == 0;
            if (!flow.equals("1.5")) bad++;
            if (cut) bad++;
            rows.add(i + delimiter + flow + (cut ? "" : delimiter + (random.nextInt(5) == 0 ? "" : "2")));
        }
        Path file = Files.write(folder.resolve("plain.csv"), rows);
        List<String> said = new ArrayList<>();

        List<SeriesTable> tables = SeriesTable.below(file, Optional.empty(), said::add);

        assertThat(tables.get(0).rows()).isEqualTo(ROWS);
        assertThat(said)
                .singleElement()
                .asString()
                .contains("of 400 rows", bad + " values that are no number; the first is ");
    }
}
