package io.tidemark.series.window;

import io.tidemark.config.GridSpec;
import io.tidemark.config.InputSpec;
import io.tidemark.config.StreamSpec;
import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.event.EventDecoder;
import io.tidemark.series.sample.Step;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What one event costs ingest without Kafka: decoding, and its way through its series' pipeline, of 1,000 series in turn. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SeriesPipelineBenchmark implements SampleListener {
    private static final int SERIES = 1000;
    private static final int CONTEXT = 64;

    @Param({"1", "38"})
    public int features;

    private @Nullable EventDecoder decoder;
    private DecodedEvent event = new DecodedEvent(1);
    private byte[] json = new byte[0];
    private final List<SeriesPipeline> pipelines = new ArrayList<>();
    private final List<Slots> slots = new ArrayList<>();
    private int next;
    private long timeMs = 1_700_000_000_000L;
    private long bytes;

    @Setup
    public void setUp() {
        List<InputSpec.Feature> names = new ArrayList<>();
        StringBuilder text = new StringBuilder("{\"at\":\"2024-06-01T12:00:00Z\",\"host\":\"host-17\"");
        for (int f = 0; f < features; f++) {
            names.add(new InputSpec.Feature("f" + f, "f" + f));
            text.append(",\"f").append(f).append("\":").append(17.25 + f);
        }
        json = text.append('}').toString().getBytes(StandardCharsets.UTF_8);
        StreamSpec stream = new StreamSpec(
                "bench",
                new InputSpec(
                        "in",
                        InputSpec.Format.JSON,
                        false,
                        new InputSpec.Time("at", InputSpec.TimeUnit.AUTO, ZoneOffset.UTC),
                        List.of("host"),
                        names,
                        Optional.empty(),
                        new InputSpec.Csv(List.of(), true, ',')),
                new GridSpec(
                        Optional.empty(),
                        Duration.ZERO,
                        GridSpec.Aggregate.LAST,
                        GridSpec.Fill.PREVIOUS,
                        3,
                        Duration.ofMinutes(10),
                        Optional.empty()),
                new StreamSpec.Scaling(1e-6, 10, 10_000),
                List.of(),
                12,
                new StreamSpec.Learning(64, 16, new StreamSpec.Learning.Pace(512, 200, 32, 2048, 5), 50_000, 1),
                new StreamSpec.Verdict(new StreamSpec.Verdict.Hysteresis(0.7, 0.35, 1, 5), 500, Optional.empty()),
                new StreamSpec.Limits(10_000, 1 << 20, 16 << 10, 64),
                StreamSpec.Retrain.BY_HAND);
        decoder = new EventDecoder(stream);
        event = new DecodedEvent(features);
        WindowPlan plan = new WindowPlan(stream, CONTEXT);
        WindowScratch scratch = new WindowScratch(plan);
        for (int i = 0; i < SERIES; i++) {
            pipelines.add(plan.begin("host-" + i, i < 64, scratch));
            Map<Integer, byte[]> stored = new HashMap<>();
            slots.add(new Slots() {
                @Override
                public byte @Nullable [] get(int slot) {
                    return stored.get(slot);
                }

                @Override
                public void put(int slot, byte[] piece) {
                    stored.put(slot, piece);
                }
            });
        }
        for (int i = 0; i < SERIES * 2 * CONTEXT; i++) accept();
    }

    @Benchmark
    public Object decode() {
        return String.valueOf(java.util.Objects.requireNonNull(decoder).decode(null, json, 1_717_243_200_000L, event));
    }

    @Benchmark
    public long accept() {
        advance();
        pipelines.get(next).accept(event, this);
        return bytes;
    }

    @Benchmark
    public long acceptAndSave() {
        accept();
        pipelines.get(next).save(slots.get(next));
        return bytes;
    }

    private void advance() {
        next = next + 1 == SERIES ? 0 : next + 1;
        event.timeMs = timeMs++;
        event.offset++;
        double[] values = event.values();
        for (int f = 0; f < features; f++) values[f] = Math.sin(timeMs * 0.001 + f) + (timeMs * 31 + f) % 7;
    }

    @Override
    public void sample(Step step, byte[] record) {
        bytes += record.length;
    }

    @Override
    public void training(byte[] record) {
        bytes += record.length;
    }
}
