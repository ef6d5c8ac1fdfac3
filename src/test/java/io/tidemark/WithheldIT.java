package io.tidemark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.kafka.client.KafkaForTests;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The share of the rows that do not teach, by the metrics page of the built product: what is declared, within a quarter, of a
 * stream with one network and of one with eight that watch the same four series, once the threshold has had time to follow it.
 */
class WithheldIT {
    private static final double DECLARED = 0.1;
    private static final int SERIES = 4;
    /** Steps of each series until every network has a version, until the share has settled, and after that; whole chunks. */
    private static final int FIRST = 400;

    private static final int SETTLING = 2_000;
    private static final int MEASURED = 2_000;
    private static final int CHUNK = 16;
    private static final Map<String, List<String>> STREAMS = Map.of(
            "one",
            List.of("dense-ae"),
            "eight",
            List.of(
                    "dense-ae",
                    "dense-ae-10",
                    "tied-ae",
                    "denoising-ae",
                    "sparse-ae",
                    "deep-ae",
                    "pca",
                    "linear-forecaster"));

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private int sent;

    @TempDir
    Path folder;

    @Test
    @Timeout(6 * 60)
    void theDeclaredShareDoesNotTeachWhateverTheNumberOfNetworks() throws Exception {
        assumeTrue(Boolean.getBoolean("learning.run"), "takes a minute and a half: -Dlearning.run=true");
        kafka.topic("in", 1);
        Map<String, String> declared = new HashMap<>();
        STREAMS.forEach(
                (name, networks) -> declared.put(name, """
                stream: %s
                input: {topic: %sin, series: [series], features: [value]}
                step: event
                networks: %s
                learning: {withhold: %s, first-steps: 60, rows-per-step: 64, publish-rows: 4096}
                """.formatted(name, kafka.prefix(), networks, DECLARED)));
        Path topology = TopologyFolder.write(
                folder.resolve("topology"),
                declared,
                Objects.requireNonNull(STREAMS.get("eight")).toArray(String[]::new));
        try (RunningProduct product = new RunningProduct(kafka, topology, folder.resolve("state"), "withheld-it")) {
            feed(product, FIRST);
            awaitEach(product, "tidemark_models_published_total");
            feed(product, SETTLING);
            awaitEach(product, "tidemark_model_version");
            Map<String, Double> taught = rows(product, "taught");
            Map<String, Double> withheld = rows(product, "withheld");
            feed(product, MEASURED);
            for (String stream : STREAMS.keySet()) {
                double not = of(stream, rows(product, "withheld")) - of(stream, withheld);
                double all = not + of(stream, rows(product, "taught")) - of(stream, taught);
                System.out.printf(
                        Locale.ROOT,
                        "withheld: stream %s, %d networks: %.0f of %.0f rows, a share of %.4f%n",
                        stream,
                        Objects.requireNonNull(STREAMS.get(stream)).size(),
                        not,
                        all,
                        not / all);
                assertThat(not / all)
                        .as("the share of stream %s that did not teach", stream)
                        .isBetween(0.75 * DECLARED, 1.25 * DECLARED);
            }
        }
    }

    private static double of(String stream, Map<String, Double> rows) {
        return Objects.requireNonNull(rows.get(stream), stream);
    }

    /** Waits until a meter has begun to count for every network. */
    private static void awaitEach(RunningProduct product, String meter) {
        STREAMS.forEach((stream, networks) ->
                networks.forEach(network -> product.await(1, meter, "stream", stream, "network", network)));
    }

    private static Map<String, Double> rows(RunningProduct product, String use) {
        Map<String, Double> rows = new HashMap<>();
        for (String stream : STREAMS.keySet())
            rows.put(stream, product.meter("tidemark_training_rows_total", "stream", stream, "use", use));
        return rows;
    }

    /** Sends so many steps of each series, and waits until the learner has them, but for the gates that wait for their run to end. */
    private void feed(RunningProduct product, int steps) {
        product.send(IntStream.range(sent, sent + steps)
                .boxed()
                .flatMap(step -> IntStream.range(0, SERIES).mapToObj(series -> event(series, step))));
        sent += steps;
        for (String stream : STREAMS.keySet())
            product.await(SERIES * (sent - CHUNK), "tidemark_training_rows_total", "stream", stream);
    }

    private static String event(int series, int step) {
        return String.format(
                Locale.ROOT,
                "{\"series\":\"s%d\",\"timestamp\":%d,\"value\":%.4f}",
                series,
                1_700_000_000_000L + 60_000L * step,
                value(series, step));
    }

    /** Ordinary series: noise, a day's wave, one that wanders about its level, and counts. */
    private static double value(int series, int step) {
        double noise = noise(series, step);
        return switch (series) {
            case 0 -> 20 + noise;
            case 1 -> 20 + 5 * Math.sin(2 * Math.PI * step / 144) + noise;
            case 2 -> {
                double wander = 0;
                for (int back = 0; back < 64; back++) wander += Math.pow(0.9, back) * noise(series, step - back);
                yield 20 + wander;
            }
            default -> Math.max(0, Math.round(8 + 2.5 * noise));
        };
    }

    private static double noise(int series, int step) {
        return new SplittableRandom(step * 31L + series).nextGaussian();
    }
}
