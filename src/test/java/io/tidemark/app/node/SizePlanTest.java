package io.tidemark.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.config.StreamFile;
import io.tidemark.config.TopicFile;
import io.tidemark.net.network.Zoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a load takes, held to properties: more of it takes no less, and what is said fits together. */
class SizePlanTest {
    private static final TopicFile TOPICS = TopicFile.read(Path.of("topology/topics.yaml"), 0);
    private static final Zoo ZOO = Zoo.load(Path.of("topology/zoo"));

    @TempDir
    private Path folder = Path.of("");

    private StreamCost cost(String more, int features) throws IOException {
        StringBuilder names = new StringBuilder("f0");
        for (int i = 1; i < features; i++) names.append(", f").append(i);
        Path file = Files.writeString(folder.resolve("many.yaml"), """
                stream: many
                input: {topic: many, series: [series], features: [%s]}
                limits: {series: 10000000}
                %s
                """.formatted(names, more));
        StreamCost cost = StreamCost.of(StreamFile.read(file), ZOO);
        assertThat(cost.problems()).isEmpty();
        return cost;
    }

    private static SizePlan plan(StreamCost cost, int series, double rate) {
        return SizePlan.of(cost, new SizePlan.Load(series, rate, 3), TOPICS);
    }

    private static double cores(SizePlan plan) {
        return plan.roles().stream().mapToDouble(SizePlan.RoleSize::cores).sum();
    }

    private static double heap(SizePlan plan) {
        return plan.roles().stream()
                .mapToDouble(role -> (double) role.heapBytes() * role.processes())
                .sum();
    }

    @Test
    void codesTakeDiskAndNetworkWhereTheyAreDeclared() throws IOException {
        SizePlan without = plan(cost("networks: [dense-ae]", 1), 100, 10);
        StreamCost coded = cost("networks: [dense-ae]\noutputs: {codes: true}", 1);
        assertThat(coded.record().code()).isEqualTo(220 + 10 * 8);
        SizePlan with = plan(coded, 100, 10);
        assertThat(with.disk().topics()).isGreaterThan(without.disk().topics());
        assertThat(with.traffic().in()).isGreaterThan(without.traffic().in());
        assertThat(cores(with)).isEqualTo(cores(without));
    }

    @Test
    void moreEventsTakeNoLessOfAnything() throws IOException {
        StreamCost cost = cost("networks: [dense-ae]", 1);
        SizePlan less = plan(cost, 100_000, 1);
        for (double rate = 10; rate <= 1e7; rate *= 10) {
            SizePlan more = plan(cost, 100_000, rate);
            assertThat(cores(more)).isGreaterThan(cores(less));
            assertThat(more.brokerCores()).isGreaterThan(less.brokerCores());
            assertThat(heap(more)).isGreaterThanOrEqualTo(heap(less));
            assertThat(more.partitions()).isGreaterThanOrEqualTo(less.partitions());
            assertThat(more.disk().topics()).isGreaterThan(less.disk().topics());
            assertThat(more.traffic().in()).isGreaterThan(less.traffic().in());
            less = more;
        }
        assertThat(less.partitions()).isGreaterThan(512);
    }

    @Test
    void moreSeriesTakeMoreHeapAndChangelogs() throws IOException {
        StreamCost cost = cost("networks: [dense-ae]", 1);
        SizePlan less = plan(cost, 100, 1000);
        for (int series = 1000; series <= 10_000_000; series *= 10) {
            SizePlan more = plan(cost, series, 1000);
            assertThat(heap(more)).isGreaterThan(heap(less));
            assertThat(more.disk().changelogs()).isGreaterThan(less.disk().changelogs());
            less = more;
        }
    }

    @Test
    void onAGridEverySeriesIsJudgedOnceAStep() throws IOException {
        StreamCost cost = cost("networks: [dense-ae]\nstep: 10s", 1);
        assertThat(plan(cost, 10_000, 50).stepsPerSecond()).isEqualTo(1000);
        assertThat(plan(cost, 20_000, 50).stepsPerSecond()).isEqualTo(2000);
        assertThat(plan(cost("networks: [dense-ae]", 1), 10_000, 50).stepsPerSecond())
                .isEqualTo(50);
    }

    @Test
    void partitionsAreEnoughForTheProcessesAndTheProcessesForTheCores() throws IOException {
        StreamCost cost = cost("networks: [dense-ae, lstm-forecaster]", 4);
        for (double rate = 1; rate <= 1e6; rate *= 7) {
            SizePlan plan = plan(cost, 1_000_000, rate);
            for (SizePlan.RoleSize role : plan.roles()) {
                assertThat(plan.partitions()).isGreaterThanOrEqualTo(role.processes());
                assertThat(role.heapBytes() * 0.4 - MeasuredCost.HEAP_BASE_BYTES)
                        .isLessThanOrEqualTo(4L << 30);
                if (role.role() != RoleName.LEARNER) {
                    assertThat(role.cores() / role.processes()).isLessThanOrEqualTo(0.6);
                }
            }
            assertThat(plan.partitions()).isGreaterThanOrEqualTo(4);
            assertThat(Integer.bitCount(plan.partitions())).isEqualTo(1);
        }
    }

    @Test
    void aHeapHasRoomForEverySeriesThatItsProcessHolds() throws IOException {
        StreamCost cost = cost("networks: [dense-ae]", 3);
        for (int series : new int[] {1, 1000, 1_000_000}) {
            for (SizePlan.RoleSize role : plan(cost, series, 1000).roles()) {
                double each = role.role() == RoleName.INGEST
                        ? cost.state().ingestHeap()
                        : role.role() == RoleName.VERDICT ? cost.state().verdictHeap() : Double.NaN;
                if (Double.isNaN(each)) continue;
                double live = each * series / role.processes();
                double half = 2 * (MeasuredCost.HEAP_BASE_BYTES + live);
                assertThat((double) role.heapBytes())
                        .as("half is free, and live series take at most four tenths")
                        .isCloseTo(Math.max(half, live / 0.4), within(2.0));
            }
        }
    }

    @Test
    void aBusyDenseAutoencoderCostsWhatWasMeasured() throws IOException {
        SizePlan plan = plan(cost("networks: [dense-ae]", 1), 1000, 1e4);
        // 71.8 µs an event of the product's own, of which the learner's share is bounded.
        assertThat(cores(plan) / 1e4 * 1e6).isBetween(60.0, 90.0);
    }

    @Test
    void networksFeaturesAndCopiesAddToTheCost() throws IOException {
        StreamCost none = cost("networks: []", 1);
        StreamCost one = cost("networks: [dense-ae]", 1);
        StreamCost two = cost("networks: [dense-ae, lstm-forecaster]", 1);
        StreamCost wide = cost("networks: [dense-ae]", 8);
        assertThat(cores(plan(one, 1000, 1000))).isGreaterThan(cores(plan(none, 1000, 1000)));
        assertThat(cores(plan(two, 1000, 1000))).isGreaterThan(cores(plan(one, 1000, 1000)));
        assertThat(cores(plan(wide, 1000, 1000))).isGreaterThan(cores(plan(one, 1000, 1000)));
        SizePlan single = SizePlan.of(one, new SizePlan.Load(1000, 1000, 1), TOPICS);
        assertThat(single.traffic().between()).isZero();
        assertThat(plan(one, 1000, 1000).disk().bytes())
                .isCloseTo(3 * single.disk().bytes(), within(1.0));
    }

    @Test
    void learningTakesAtMostItsDeclaredShare() throws IOException {
        StreamCost cost = cost("networks: [lstm-ae]\nlearning: {series: 1000, share: 0.2}", 1);
        assertThat(plan(cost, 1000, 1e5).roles())
                .filteredOn(role -> role.role() == RoleName.LEARNER)
                .allSatisfy(role -> assertThat(role.cores()).isEqualTo(0.2));
    }

    @Test
    void whatNoMachinesBearIsRefusedWithAReason() throws IOException {
        StreamCost cost = cost("networks: []", 1);
        assertThatThrownBy(() -> plan(cost, 0, 1)).hasMessage("series must be in [1, 10000000], but was 0");
        assertThatThrownBy(() -> plan(cost, 1, 0)).hasMessageStartingWith("rate must be in (0, 1e9]");
        assertThatThrownBy(() -> plan(cost, 1, Double.NaN)).hasMessageStartingWith("rate must be in (0, 1e9]");
        assertThatThrownBy(() -> new SizePlan.Load(1, 1, 0)).hasMessageStartingWith("replication must be in [1, 10]");
        assertThatThrownBy(() -> plan(cost, 1, 1e6)).hasMessageContaining("a series is judged by one process");
        assertThatThrownBy(() -> plan(cost, 10_000_000, 1e9)).hasMessageContaining("divide the stream");
    }
}
