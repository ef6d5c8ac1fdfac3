package io.tidemark.learn.learning;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.StreamSpec;
import io.tidemark.net.engine.TestNetworks;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Label;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.TrainingRows;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaughtRowsTest {
    private static final int GENERATION = 7;

    private int heard;
    private final TaughtRows rows = new TaughtRows(1, GENERATION, 64, 100);

    @Test
    void rowTeachesOnlyAfterItsGate() {
        rows.add(chunk("a", 0, 10), this::hear);
        assertThat(rows.taught()).isZero();
        rows.add(gate("a", 0, 3, true), this::hear);
        assertThat(rows.taught()).isEqualTo(4);
        assertThat(rows.waiting()).isEqualTo(6);
        assertThat(heard).isEqualTo(4);
    }

    @Test
    void gateMayComeBeforeItsRows() {
        rows.add(gate("a", 0, 3, true), this::hear);
        rows.add(gate("a", 4, 9, false), this::hear);
        rows.add(chunk("a", 0, 10), this::hear);
        assertThat(rows.taught()).isEqualTo(4);
        assertThat(rows.withheld()).isEqualTo(6);
    }

    @Test
    void gatesOfAWholeHistoryMayComeBeforeItsRows() {
        StreamSpec stream = TestNetworks.stream(1);
        long later = 2 * stream.limits().expire().toSeconds();
        TaughtRows known = TaughtRows.of(stream);
        known.add(new Gate("test", "early", stream.generation(), 0, 3, true, ""), this::hear);
        known.add(new Gate("test", "late", stream.generation(), later, later + 3, true, ""), this::hear);
        known.add(chunk("early", 0, 4, stream.generation(), 0), this::hear);
        known.add(chunk("other", later / 2, 4, stream.generation(), 0), this::hear);
        known.add(chunk("late", later, 4, stream.generation(), 0), this::hear);
        assertThat(known.taught()).isEqualTo(8);
    }

    @Test
    void seriesWhoseStepsBeginAgainTeachesWithGatesOfItsOwn() {
        rows.add(chunk("a", 500, 10), this::hear);
        rows.add(gate("a", 500, 505, true), this::hear);
        rows.add(gate("a", 0, 3, true), this::hear);
        rows.add(chunk("a", 0, 10, GENERATION, 600_000), this::hear);
        rows.add(gate("a", 4, 9, true), this::hear);
        assertThat(rows.taught()).as("of both lives").isEqualTo(16);
        assertThat(rows.waiting()).as("rows of the first life without a gate").isEqualTo(4);
        rows.add(chunk("a", 0, 10, GENERATION, 600_000), this::hear);
        assertThat(rows.waiting()).as("a repeat is no life").isEqualTo(4);
        assertThat(rows.withheld()).isEqualTo(10);
    }

    /** Three hundred pods of two rows each, ten in the time after which a silent one is given back. */
    private TaughtRows pods(StreamSpec stream, int gatedRows) {
        long expireSteps = stream.limits().expire().toSeconds();
        TaughtRows known = TaughtRows.of(stream);
        for (int pod = 0; pod < 300; pod++) {
            long step = pod * expireSteps / 10;
            known.add(chunk("pod-" + pod, step, 2, stream.generation(), 0), this::hear);
            known.add(
                    new Gate("test", "pod-" + pod, stream.generation(), step, step + gatedRows - 1, true, ""),
                    this::hear);
        }
        return known;
    }

    @Test
    void seriesThatIsSilentForLongIsGivenBackWithItsRows() {
        TaughtRows known = pods(TestNetworks.stream(1), 2);
        assertThat(known.all).as("series of the last expiry").hasSizeBetween(10, 12);
        assertThat(known.kept()).isEqualTo(2 * known.all.size());
        assertThat(known.taught()).isEqualTo(600);
        assertThat(known.all)
                .extracting(series -> series.series)
                .contains("pod-299")
                .doesNotContain("pod-200");
    }

    @Test
    void seriesWhoseLastGateComesOnceItIsSilentTeachesAllOfItsRowsAndIsGivenBackToo() {
        StreamSpec stream = TestNetworks.stream(1);
        long expireSteps = stream.limits().expire().toSeconds();
        TaughtRows known = TaughtRows.of(stream);
        for (int pod = 0; pod < 300; pod++) {
            long step = pod * expireSteps / 10;
            known.add(chunk("pod-" + pod, step, 2, stream.generation(), 0), this::hear);
            // the verdict tells the end of its run once the series has expired there
            int gone = pod - 13;
            if (gone < 0) continue;
            long first = gone * expireSteps / 10;
            known.add(new Gate("test", "pod-" + gone, stream.generation(), first, first + 1, true, ""), this::hear);
        }
        assertThat(known.taught()).isEqualTo(2 * 287);
        assertThat(known.withheld()).isZero();
        assertThat(known.all)
                .as("series that wait for their gate, or had it lately")
                .hasSizeBetween(13, 16);
        assertThat(known.waiting()).isEqualTo(26);
    }

    @Test
    void seriesWhoseLastRowsComeOnceItIsSilentTeachesWithTheGatesThatCameBefore() {
        StreamSpec stream = TestNetworks.stream(1);
        long expireSteps = stream.limits().expire().toSeconds();
        TaughtRows known = TaughtRows.of(stream);
        known.add(new Gate("test", "gone", stream.generation(), 0, 5, true, ""), this::hear);
        known.add(chunk("gone", 0, 4, stream.generation(), 0), this::hear);
        known.add(chunk("other", 3 * expireSteps / 2, 1, stream.generation(), 0), this::hear);
        // ingest hands over a chunk that is not full once the series has expired there
        known.add(chunk("gone", 4, 2, stream.generation(), 0), this::hear);
        assertThat(known.taught()).isEqualTo(6);
        known.add(chunk("other", 2 * expireSteps, 1, stream.generation(), 0), this::hear);
        assertThat(known.all).extracting(series -> series.series).containsExactly("other");
    }

    @Test
    void whatWaitsForItsOtherHalfInVainIsGivenBackInTheEnd() {
        StreamSpec stream = TestNetworks.stream(1);
        TaughtRows known = pods(stream, 1);
        assertThat(known.all).as("series of which a row waits").hasSizeBetween(80, 83);
        assertThat(known.waiting()).isEqualTo(known.all.size());
        long step = 60 * stream.limits().expire().toSeconds();
        known.add(new Gate("test", "gone", stream.generation(), 5, 6, true, ""), this::hear);
        for (int later = 0; later < 10; later++)
            known.add(
                    chunk("other", step + later * stream.limits().expire().toSeconds(), 1, stream.generation(), 0),
                    this::hear);
        assertThat(known.all).extracting(series -> series.series).containsExactly("other");
    }

    @Test
    void withheldRowsStandAmongTheOthersAndDoNotTeach() {
        rows.add(chunk("a", 0, 10), this::hear);
        rows.add(gate("a", 0, 4, true), this::hear);
        rows.add(gate("a", 5, 5, false), this::hear);
        rows.add(gate("a", 6, 9, true), this::hear);
        SeriesRows a = rows.all.get(0);
        assertThat(a.size()).isEqualTo(10);
        assertThat(a.row(9).run).isEqualTo(10);
        assertThat(a.row(5).teaches).isFalse();
        assertThat(a.lessons(9, 10)).isEqualTo(9);
        assertThat(a.lessons(5, 2)).isEqualTo(1);
        assertThat(heard).isEqualTo(9);
        assertThat(rows.withheld()).isEqualTo(1);
    }

    @Test
    void noMoreRowsAreKeptAsContextThanTeach() {
        rows.add(chunk("a", 0, 100), this::hear);
        rows.add(gate("a", 0, 9, true), this::hear);
        rows.add(gate("a", 10, 89, false), this::hear);
        rows.add(gate("a", 90, 99, true), this::hear);
        SeriesRows a = rows.all.get(0);
        assertThat(a.teaching()).isEqualTo(20);
        assertThat(a.context()).isEqualTo(10);
        assertThat(a.row(19).run).isEqualTo(20);
        assertThat(a.row(20).run).as("behind the rows that were dropped").isEqualTo(1);
        assertThat(rows.withheld()).isEqualTo(80);
    }

    @Test
    void anomalyStopsTeachingWheneverItIsSaid() {
        rows.label(label(2, 3, true));
        rows.add(chunk("a", 0, 10), this::hear);
        rows.add(gate("a", 0, 5, true), this::hear);
        rows.label(label(4, 7, true));
        rows.add(gate("a", 6, 9, true), this::hear);
        assertThat(teaching()).containsExactly(0L, 1L, 8L, 9L);
        assertThat(rows.taught()).as("4 and 5 had taught before").isEqualTo(6);
    }

    @Test
    void normalRowsTeachAlthoughTheirGateWithheldThemButFilledOnesNever() {
        TrainingRows chunk = chunk("a", 0, 6);
        chunk.add(step(6, true));
        rows.add(chunk, this::hear);
        rows.add(gate("a", 0, 2, true), this::hear);
        rows.add(gate("a", 3, 4, false), this::hear);
        rows.label(label(3, 6, false));
        rows.add(gate("a", 5, 6, false), this::hear);
        assertThat(teaching()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void laterLabelOverridesAnEarlierOneOnTheRowsItCovers() {
        rows.add(gate("a", 0, 9, true), this::hear);
        rows.label(label(4, 7, true));
        rows.add(chunk("a", 0, 5), this::hear);
        rows.label(label(3, 5, false));
        rows.add(chunk("a", 5, 5), this::hear);
        assertThat(teaching()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 8L, 9L);
    }

    @Test
    void newestLabelsOfASeriesAreKnown() {
        for (int i = 0; i < 200; i++) rows.label(label(i, i, true));
        rows.label(label(190, 195, false));
        assertThat(rows.all.get(0).labels).hasSize(TaughtRows.LABELS_MAX - 5);
        rows.add(gate("a", 0, 199, true), this::hear);
        rows.add(chunk("a", 0, 64), this::hear);
        assertThat(rows.taught()).as("labels of these rows were forgotten").isEqualTo(64);
    }

    private static Label label(long from, long to, boolean anomaly) {
        return new Label("test", "a", from * 1000, to * 1000, anomaly);
    }

    private List<Long> teaching() {
        List<Long> steps = new ArrayList<>();
        SeriesRows a = rows.all.get(0);
        for (int i = 0; i < a.size(); i++) if (a.row(i).teaches) steps.add(a.row(i).step);
        return steps;
    }

    @Test
    void rowsWhoseGateWasPassedOverAreWithheld() {
        rows.add(chunk("a", 0, 10), this::hear);
        rows.add(gate("a", 8, 9, true), this::hear);
        assertThat(rows.taught()).isEqualTo(2);
        assertThat(rows.withheld()).isEqualTo(8);
        assertThat(rows.waiting()).isZero();
    }

    @Test
    void filledRowsAndOtherGenerationsNeverTeach() {
        TrainingRows chunk = new TrainingRows();
        chunk.begin("test", "a", GENERATION, 1);
        chunk.add(step(0, false));
        chunk.add(step(1, true));
        chunk.add(step(2, false));
        rows.add(chunk, this::hear);
        chunk.begin("test", "a", GENERATION + 1, 1);
        chunk.add(step(3, false));
        rows.add(chunk, this::hear);
        rows.add(gate("a", 0, 9, true), this::hear);
        assertThat(rows.taught()).isEqualTo(2);
        assertThat(rows.withheld()).isEqualTo(2);
    }

    @Test
    void repeatedRowsTeachOnce() {
        rows.add(gate("a", 0, 99, true), this::hear);
        rows.add(chunk("a", 0, 10), this::hear);
        rows.add(chunk("a", 0, 10), this::hear);
        assertThat(rows.taught()).isEqualTo(10);
    }

    @Test
    void rowsWithoutGatesAreBoundedAndCounted() {
        for (int i = 0; i < 30; i++) rows.add(chunk("a", i * 10L, 10), this::hear);
        assertThat(rows.waiting()).isEqualTo(100);
        assertThat(rows.overflowed()).isEqualTo(200);
        assertThat(rows.withheld()).isEqualTo(200);
    }

    @Test
    void gatesWithoutRowsAreBounded() {
        for (int i = 0; i < 300; i++) rows.add(gate("a", i, i, true), this::hear);
        rows.add(chunk("a", 0, 10), this::hear);
        assertThat(rows.taught()).as("the first 200 gates were dropped").isZero();
        rows.add(chunk("a", 200, 10), this::hear);
        assertThat(rows.taught()).isEqualTo(10);
    }

    @Test
    void everySeriesKeepsItsFairShare() {
        teach("busy", 0, 64);
        teach("quiet", 0, 20);
        teach("busy", 64, 200);
        assertThat(rows.kept()).isEqualTo(64);
        assertThat(rows.all.get(1).size()).as("below its share of 32").isEqualTo(20);
        teach("quiet", 20, 100);
        assertThat(rows.all.get(0).size()).isEqualTo(32);
        assertThat(rows.all.get(1).size()).isEqualTo(32);
    }

    private void hear() {
        heard++;
    }

    private void teach(String series, long from, int count) {
        rows.add(gate(series, from, from + count - 1, true), this::hear);
        rows.add(chunk(series, from, count), this::hear);
    }

    private static Gate gate(String series, long from, long to, boolean teach) {
        return new Gate("test", series, GENERATION, from, to, teach, teach ? "" : "alert-open");
    }

    private static TrainingRows chunk(String series, long from, int count) {
        return chunk(series, from, count, GENERATION, 0);
    }

    /** @param laterMs how much later than their steps say its rows are */
    private static TrainingRows chunk(String series, long from, int count, int generation, long laterMs) {
        TrainingRows chunk = new TrainingRows();
        chunk.begin("test", series, generation, 1);
        for (int i = 0; i < count; i++) {
            Step step = step(from + i, false);
            step.timeMs += laterMs;
            chunk.add(step);
        }
        return chunk;
    }

    private static Step step(long number, boolean filled) {
        Step step = new Step();
        step.features(1);
        step.step = number;
        step.timeMs = number * 1000;
        step.values()[0] = number;
        step.scale()[0] = 1;
        step.imputed()[0] = filled;
        return step;
    }
}
