package io.tidemark.judge.outcome;

import io.tidemark.config.StreamSpec;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Inference;
import io.tidemark.series.sample.Label;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What one event costs from its decoded inference to its score: the verdict alone, the JSON alone, and the state's changed slots. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class VerdictBenchmark implements Outcomes {
    private static final int SERIES = 100;
    private static final int STEPS = 500;

    @Param({"1", "38"})
    public int features;

    private final OutcomeWriter writer = new OutcomeWriter();
    private final Inference inference = new Inference();
    private final SeriesVerdict[] verdicts = new SeriesVerdict[SERIES];
    private final byte[][] records = new byte[STEPS][];
    private long events;
    private Score last = new Score();
    private byte[] json = new byte[0];
    private long drained;

    @Setup
    public void judgeTheFirstSteps() {
        String names = IntStream.range(0, features).mapToObj(i -> "sensor-" + i).collect(Collectors.joining(", "));
        StreamSpec spec = Pumps.spec("[" + names + "]", "");
        VerdictPlan plan = new VerdictPlan(spec);
        VerdictScratch scratch = new VerdictScratch(plan);
        for (int i = 0; i < SERIES; i++) verdicts[i] = plan.open("p" + i, scratch);
        for (int i = 0; i < SERIES * STEPS; i++) judge();
    }

    private void judge() {
        long step = events / SERIES;
        byte[] record = records[(int) (step % STEPS)];
        if (record == null) {
            double[] values = Pumps.values(1, step, features, 0);
            record = Pumps.inference("p", step, values, Pumps.autoencoder(values));
            records[(int) (step % STEPS)] = record;
        }
        inference.decode(record);
        inference.step.step = step;
        inference.step.timeMs = Pumps.START_MS + step * Pumps.STEP_MS;
        verdicts[(int) (events++ % SERIES)].judge(inference, 0, this);
    }

    @Benchmark
    public long decodeAndJudge() {
        judge();
        return events;
    }

    @Benchmark
    public byte[] write() {
        return writer.write(last);
    }

    @Benchmark
    public long decodeJudgeWriteAndDrain() {
        judge();
        json = writer.write(last);
        drained += verdicts[(int) ((events - 1) % SERIES)].drain((slot, bytes) -> {});
        return drained + json.length;
    }

    /** Prints the sizes after a run of {@link #decodeJudgeWriteAndDrain}. */
    @TearDown
    public void sizes() {
        for (SeriesVerdict verdict : verdicts) verdict.drain((slot, bytes) -> {});
        long bytes = 0;
        for (int i = 0; i < SERIES * 100; i++) {
            judge();
            bytes += verdicts[(int) ((events - 1) % SERIES)].drain((slot, changed) -> {});
        }
        System.out.println("score " + writer.write(last).length + " bytes, slots " + verdicts[0].slots() + ", stored "
                + bytes / (SERIES * 100) + " bytes an event when each event is committed alone");
        bytes = 0;
        for (int i = 0; i < SERIES * 100; i++) judge();
        for (SeriesVerdict verdict : verdicts) bytes += verdict.drain((slot, changed) -> {});
        System.out.println(
                "stored " + bytes / (SERIES * 100) + " bytes an event when 100 of a series are committed at once");
    }

    @Override
    public void score(Score score) {
        last = score;
    }

    @Override
    public void forecast(Forecast forecast) {}

    @Override
    public void alert(Alert alert) {}

    @Override
    public void gate(Gate gate) {}

    @Override
    public void label(Label label) {}
}
