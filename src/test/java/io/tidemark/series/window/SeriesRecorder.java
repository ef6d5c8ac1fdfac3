package io.tidemark.series.window;

import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.sample.Sample;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.TrainingRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Feeds one series and keeps what it makes as records that read well in assertions. */
final class SeriesRecorder implements SampleListener {
    /** One sample, decoded from its bytes. */
    record Made(long step, long timeMs, List<Double> values, List<List<Float>> rows, float filledShare, boolean idle) {}

    final List<Made> samples = new ArrayList<>();
    final List<byte[]> sampleBytes = new ArrayList<>();
    final List<byte[]> trainingBytes = new ArrayList<>();
    final Map<Integer, byte[]> stored = new HashMap<>();
    /** Times of events that were given up. */
    final List<Long> givenUp = new ArrayList<>();

    int puts;
    private final WindowPlan plan;
    private SeriesPipeline pipeline;
    private long offset;

    final Slots slots = new Slots() {
        @Override
        public byte @Nullable [] get(int slot) {
            return stored.get(slot);
        }

        @Override
        public void put(int slot, byte[] piece) {
            puts++;
            stored.put(slot, piece);
        }
    };

    SeriesRecorder(StreamSpec stream, int context) {
        plan = new WindowPlan(stream, context);
        pipeline = plan.begin("a", true);
    }

    /** A stream of two features, {@code x} and {@code y}, with further settings as lines of YAML. */
    static StreamSpec stream(String... lines) {
        return parse("stream: s\ninput: {topic: t, series: [host], features: [x, y]}\n" + String.join("\n", lines));
    }

    static StreamSpec parse(String yaml) {
        try {
            Path file = Files.createTempFile("stream", ".yaml");
            Files.writeString(file, yaml);
            StreamSpec spec = StreamFile.read(file);
            Files.delete(file);
            return spec;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Admission wide(long seconds, double... values) {
        return wideMs(seconds * 1000, values);
    }

    Admission wideMs(long timeMs, double... values) {
        DecodedEvent event = new DecodedEvent(values.length);
        System.arraycopy(values, 0, event.values(), 0, values.length);
        return feed(event, timeMs);
    }

    Admission named(long seconds, int feature, double value) {
        DecodedEvent event = new DecodedEvent(plan.features);
        event.feature = feature;
        event.values()[feature] = value;
        return feed(event, seconds * 1000);
    }

    private Admission feed(DecodedEvent event, long timeMs) {
        event.series = "a";
        event.timeMs = timeMs;
        event.offset = offset++;
        Admission admission = pipeline.accept(event, this);
        pipeline.save(slots);
        return admission;
    }

    SeriesPipeline pipeline() {
        return pipeline;
    }

    /** Goes on from the stored state, as after a crash. */
    void restart() {
        pipeline = plan.restore("a", slots, new WindowScratch(plan)).orElseThrow();
    }

    void end() {
        pipeline.end(this);
    }

    List<Long> steps() {
        return samples.stream().map(Made::step).toList();
    }

    /** The rows of all training records so far. */
    List<String> trainingRows() {
        List<String> rows = new ArrayList<>();
        for (byte[] record : trainingBytes) {
            TrainingRows chunk = new TrainingRows().decode(record);
            for (int r = 0; r < chunk.rows(); r++) {
                rows.add(chunk.step(r) + ":" + chunk.value(r, 0) + (chunk.filled(r) ? " filled" : ""));
            }
        }
        return rows;
    }

    @Override
    public void sample(Step step, byte[] record) {
        sampleBytes.add(record);
        Step decoded = new Step();
        Sample sample = new Sample().wrap(record, decoded);
        List<List<Float>> rows = new ArrayList<>();
        float[] all = new float[sample.rows() * sample.features()];
        sample.copyRows(sample.rows(), 0, all, 0);
        for (int r = 0; r < sample.rows(); r++) {
            List<Float> row = new ArrayList<>();
            for (int f = 0; f < sample.features(); f++) row.add(all[r * sample.features() + f]);
            rows.add(row);
        }
        List<Double> values = new ArrayList<>();
        for (double v : Arrays.copyOf(decoded.values(), decoded.features())) values.add(v);
        samples.add(new Made(decoded.step, decoded.timeMs, values, rows, decoded.filledShare, decoded.idleClosed));
    }

    @Override
    public void training(byte[] record) {
        trainingBytes.add(record);
    }

    @Override
    public void givenUp(DecodedEvent event) {
        givenUp.add(event.timeMs);
    }

    /** Reads a sample's step. */
    static Step step(byte[] record) {
        Step step = new Step();
        new Sample().wrap(record, step);
        return step;
    }
}
