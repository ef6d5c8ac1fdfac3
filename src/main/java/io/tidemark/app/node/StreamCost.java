package io.tidemark.app.node;

import io.tidemark.config.ImageSpec;
import io.tidemark.config.Section;
import io.tidemark.config.StreamSpec;
import io.tidemark.judge.outcome.VerdictPlan;
import io.tidemark.model.inference.CodedNetworks;
import io.tidemark.net.network.Encoder;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.ShapeException;
import io.tidemark.net.network.Zoo;
import io.tidemark.series.window.WindowPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * What a stream will need, worked out from its declaration before anything runs: bytes an event through every topic, memory a
 * series, and what a restart restores.
 *
 * @param stream the stream
 * @param contextRows rows that the longest of its networks reads
 * @param problems why the declaration cannot run; empty when it can
 */
public record StreamCost(
        StreamSpec stream,
        int contextRows,
        RecordBytes record,
        StateBytes state,
        NetworkWork work,
        List<String> problems) {

    /**
     * Bytes of one record of a topic.
     *
     * @param sample one record of {@code samples}
     * @param inference one record of {@code inferences}, without a forecast
     * @param training what one step adds to {@code training}, for a series that teaches
     * @param score one record of {@code scores}
     * @param code one record of {@code codes}; 0 where none is written
     */
    public record RecordBytes(long sample, long inference, long training, long score, long code) {}

    /**
     * Bytes of one series.
     *
     * @param stored state of one series in the changelogs of ingest and verdict, at most
     * @param ingestHeap ingest's part on the heap while the series is live
     * @param verdictHeap the verdict's part
     */
    public record StateBytes(long stored, long ingestHeap, long verdictHeap) {
        /** State of one live series on the heap of ingest and verdict together. */
        public long heap() {
            return ingestHeap + verdictHeap;
        }
    }

    /**
     * Multiply-adds of all networks of the stream.
     *
     * @param score of one sample, scored by each
     * @param teach of the samples that optimiser steps draw for one row that teaches, forward pass alone
     */
    public record NetworkWork(double score, double teach) {}

    private static final long STEP_BYTES = 96;
    private static final long FRAME_HEAD_BYTES = 32;
    /** What a code says beside its numbers. */
    private static final long CODE_BYTES = 220;

    private static final long RECORD_MAX = 8L << 20;

    public static StreamCost of(StreamSpec stream, Zoo zoo) {
        List<String> problems = new ArrayList<>();
        List<Network> networks = new ArrayList<>();
        int features = stream.features();
        int context = 1;
        long inference = STEP_BYTES + 24L * features;
        double score = 0;
        double teach = 0;
        for (String name : stream.networks()) {
            if (!zoo.entries().containsKey(name)) {
                problems.add("there is no network " + name + " in the zoo; there are "
                        + String.join(", ", zoo.entries().keySet()));
                continue;
            }
            NetworkSpec network = zoo.spec(name);
            try {
                Network bound = network.bind(stream);
                networks.add(bound);
                double multiplyAdds = bound.multiplyAdds();
                score += multiplyAdds;
                teach += multiplyAdds
                        * network.training().optimisation().batch()
                        / stream.learning().pace().rowsPerStep();
            } catch (ShapeException e) {
                String given = stream.input().image().isPresent() ? "its frames" : features + " features";
                problems.add("network " + name + " does not fit " + given + ": " + e.getMessage());
            }
            context = Math.max(context, network.rowsToScore());
            int arrays = network.kind() == NetworkSpec.Kind.FORECASTER ? 4 : 2;
            inference += 40 + 4L * arrays * features;
        }
        long frame = stream.input().image().map(ImageSpec::values).orElse(0);
        long sample = STEP_BYTES + 24L * features + (frame > 0 ? FRAME_HEAD_BYTES + frame : 4L * context * features);
        if (sample > RECORD_MAX) {
            problems.add("a sample of " + context + " rows x " + features + " features is " + sample
                    + " bytes, over the limit of " + RECORD_MAX + "; choose networks with a shorter window");
        }
        long code = problems.isEmpty() ? codeBytes(stream, networks, problems) : 0;
        problems.addAll(verdictProblems(stream));
        long training = frame > 0
                ? STEP_BYTES + frame
                : (17 + 12L * features) + (64 / Math.max(1, stream.learning().chunk()));
        long scoreBytes = 300 + 90L * features;
        long pipeline = 512 + 16L * features * context + 64L * features;
        long verdict = verdict(stream, VerdictPlan::stateBytes, stream.limits().stateBytes());
        long stored = pipeline + verdict + 1024;
        return new StreamCost(
                stream,
                context,
                new RecordBytes(sample, inference, training, scoreBytes, code),
                new StateBytes(
                        stored,
                        new WindowPlan(stream, Math.max(1, context)).liveBytes(),
                        verdict(stream, VerdictPlan::liveBytes, verdict)),
                new NetworkWork(score, teach),
                List.copyOf(problems));
    }

    /** What the plan of the verdict says, or something else where the declaration allows none. */
    private static long verdict(StreamSpec stream, ToLongFunction<VerdictPlan> bytes, long otherwise) {
        try {
            return bytes.applyAsLong(new VerdictPlan(stream));
        } catch (IllegalArgumentException e) {
            return otherwise;
        }
    }

    private static long codeBytes(StreamSpec stream, List<Network> networks, List<String> problems) {
        try {
            int values = CodedNetworks.of(stream, networks).stream()
                    .mapToInt(Encoder::codeSize)
                    .sum();
            int inputs = stream.input().image().map(ImageSpec::tileCount).orElse(1);
            return values == 0 ? 0 : CODE_BYTES + 10L * inputs * values;
        } catch (IllegalArgumentException e) {
            problems.add(String.valueOf(e.getMessage()));
            return 0;
        }
    }

    /** What the verdict says against the declaration when it begins a series. */
    private static List<String> verdictProblems(StreamSpec stream) {
        try {
            new VerdictPlan(stream).open("");
            return List.of();
        } catch (IllegalArgumentException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    /** A paragraph for people. */
    public String describe() {
        StringBuilder text = new StringBuilder();
        line(text, "stream", stream.name() + " (generation " + stream.generation() + ")");
        line(
                text,
                "input",
                stream.input().topic() + ", " + lower(stream.input().encoding().format())
                        + (stream.input().keyed() ? ", keyed" : ""));
        line(
                text,
                "step",
                stream.grid().step().map(Section::show).orElse("every event") + ", lateness "
                        + Section.show(stream.grid().lateness()));
        line(text, "features", stream.features() + " (" + String.join(", ", names()) + ")");
        line(
                text,
                "networks",
                stream.networks().isEmpty() ? "none; values alone are judged" : String.join(", ", stream.networks()));
        line(
                text,
                "bytes an event",
                "samples " + record.sample() + ", inferences " + record.inference() + ", scores about " + record.score()
                        + (record.code() > 0 ? ", codes about " + record.code() : "") + ", training "
                        + record.training() + " (for "
                        + stream.learning().series() + " series)");
        line(
                text,
                "a series",
                "about " + state.heap() + " bytes of heap while it reports often, " + state.stored()
                        + " on disk and in changelogs");
        long series = stream.limits().series();
        line(
                text,
                "at its limit",
                series + " series, " + mebibytes(state.heap() * series)
                        + " MiB of heap in ingest and verdict if all report often (less heap is enough), "
                        + mebibytes(state.stored() * series) + " MiB on disk and to restore");
        return text.toString();
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        stream.input().fields().features().stream().limit(8).forEach(f -> names.add(f.name()));
        if (stream.features() > 8) names.add("…");
        return names;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / (double) (1 << 20));
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "  %-15s %s%n", name, value));
    }
}
