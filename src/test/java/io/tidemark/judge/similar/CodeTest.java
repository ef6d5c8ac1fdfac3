package io.tidemark.judge.similar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.judge.outcome.CodeWriter;
import io.tidemark.series.sample.MalformedRecordException;
import io.tidemark.series.sample.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

class CodeTest {
    private static final long TIME_MS = 1_767_225_600_123L;

    private static String record() {
        Step step = new Step();
        step.stream = "pumps";
        step.series = "hall-3/\"ä\"";
        step.timeMs = TIME_MS;
        step.generation = 7;
        step.step = -3;
        float[] values = {1, 0.1234564f, -2e-9f, 3e20f, 4};
        return new String(
                new CodeWriter().write(step, new CodeWriter.By("ae", 5, "dl4j/cpu", 16), values, 1, 3), UTF_8);
    }

    @Test
    void whatIsWrittenIsReadWithSixDigits() {
        Code code = Code.read(record().getBytes(UTF_8));
        assertThat(code.stream()).isEqualTo("pumps");
        assertThat(code.window()).isEqualTo(new Code.Window("hall-3/\"ä\"", TIME_MS, 7, -3, 16));
        assertThat(code.model()).isEqualTo(new Code.Model("ae", 5));
        assertThat(code.values()).containsExactly(0.123456f, -2e-9f, 3e20f);
    }

    @Test
    void whatIsNoCodeIsMalformed() {
        for (String of : List.of("", "[]", "{}", "null")) assertMalformed(of);
        for (String field : List.of("stream", "series", "time", "generation", "step", "rows", "network", "version")) {
            assertMalformed(record().replace('"' + field + '"', "\"other\""));
        }
        assertMalformed(record().replaceAll("\"code\":.*", "\"code\":[]}"));
        assertMalformed(record().replaceAll("\"code\":.*", "\"code\":[1,null]}"));
        assertMalformed(record().replaceAll("\"time\":[^,]*", "\"time\":\"yesterday\""));
        assertThatThrownBy(() -> Code.read(null)).isInstanceOf(MalformedRecordException.class);
    }

    private static void assertMalformed(String record) {
        assertThatThrownBy(() -> Code.read(record.getBytes(UTF_8)))
                .as(record)
                .isInstanceOf(MalformedRecordException.class);
    }

    @Test
    void windowsOverlapWhereTheyShareARow() {
        Code.Window window = new Code.Window("s", 0, 1, 100, 16);
        assertThat(window.overlaps(new Code.Window("s", 0, 1, 85, 16))).isTrue();
        assertThat(window.overlaps(new Code.Window("s", 0, 1, 115, 16))).isTrue();
        assertThat(window.overlaps(new Code.Window("s", 0, 1, 84, 16))).isFalse();
        assertThat(window.overlaps(new Code.Window("s", 0, 1, 116, 16))).isFalse();
        assertThat(window.overlaps(new Code.Window("other", 0, 1, 100, 16))).isFalse();
        assertThat(window.overlaps(new Code.Window("s", 0, 2, 100, 16))).isFalse();
    }

    @Test
    void whereThereIsNoCodeTheReasonIsSaid() {
        AskedCode asked = new AskedCode("pumps", "p1", TIME_MS);
        assertThatThrownBy(asked::found)
                .hasMessage("stream pumps has no codes there; declare outputs: {codes: true} in its file and start its"
                        + " workers again");
        asked.take(code("tiles", "p1", TIME_MS, 1));
        assertThatThrownBy(asked::found).hasMessageContaining("stream pumps has no codes");
        asked.take(code("pumps", "p2", TIME_MS, 1));
        assertThatThrownBy(asked::found).hasMessage("series pumps/p1 has no codes there");
        asked.take(code("pumps", "p1", TIME_MS + 2000, 1));
        asked.take(code("pumps", "p1", TIME_MS + 1000, 1));
        asked.take(code("pumps", "p1", TIME_MS + 3000, 1));
        assertThatThrownBy(asked::found)
                .hasMessage("pumps/p1 has no code at 2026-01-01T00:00:00.123Z; the first after it is at"
                        + " 2026-01-01T00:00:01.123Z");
        asked.take(code("pumps", "p1", TIME_MS - 1000, 1));
        assertThatThrownBy(asked::found)
                .hasMessageContaining("; the last before it is at 2025-12-31T23:59:59.123Z, the first after it is");
        asked.take(code("pumps", "p1", TIME_MS, 1));
        asked.take(code("pumps", "p1", TIME_MS, 2));
        assertThat(asked.found().model().version()).as("the later of two").isEqualTo(2);
    }

    private static Code code(String stream, String series, long timeMs, int version) {
        return new Code(
                stream, new Code.Window(series, timeMs, 1, 1, 1), new Code.Model("ae", version), new float[] {1});
    }
}
