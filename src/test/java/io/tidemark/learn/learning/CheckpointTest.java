package io.tidemark.learn.learning;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.Poison;
import io.tidemark.config.StreamSpec;
import io.tidemark.net.engine.FakeEngine;
import io.tidemark.net.engine.TestNetworks;
import io.tidemark.net.network.Network;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.MalformedRecordException;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.TrainingRows;
import io.tidemark.series.sample.Wire;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
    private static final int FEATURES = 2;
    private static final int KEPT = 70;
    private static final int MUTATED = 3000;

    private final StreamSpec stream = TestNetworks.stream(FEATURES);
    private final List<Network> networks = TestNetworks.both(FEATURES);

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void checkpointOfAnEarlierVersionGoesOnWithEveryKeptRowTeaching(int version) {
        try (StreamLearner learner = new StreamLearner(stream, networks, new FakeEngine())) {
            assertThat(learner.restore(new Checkpoint(head(version), Map.of(0L, block()), Map.of())))
                    .isTrue();
            assertThat(learner.history().taught()).isEqualTo(KEPT);
            assertThat(learner.history().teaching()).isEqualTo(KEPT);
            assertThat(learner.history().waiting()).isEqualTo(1);
            learner.gate(new Gate("test", "a", stream.generation(), KEPT, KEPT, true, ""));
            SeriesRows a = learner.history().all.get(0);
            assertThat(a.row(KEPT).run).isEqualTo(KEPT + 1);
            assertThat(a.row(KEPT).place).isEqualTo(KEPT);
            try (StreamLearner next = new StreamLearner(stream, networks, new FakeEngine())) {
                assertThat(next.restore(learner.checkpoint())).isTrue();
                assertThat(next.history().teaching()).isEqualTo(KEPT + 1);
            }
        }
    }

    @Test
    void checkpointOfALaterVersionIsRefused() {
        Checkpoint later = new Checkpoint(head(5), Map.of(), Map.of());
        try (StreamLearner learner = new StreamLearner(stream, networks, new FakeEngine())) {
            assertThatThrownBy(() -> learner.restore(later))
                    .isInstanceOf(MalformedRecordException.class)
                    .hasMessageContaining("version 5");
        }
    }

    /** Damage is said, or what was read goes on: rows, gates and the next checkpoint, whatever the bytes. */
    @Test
    void mutatedCheckpointsAreDamagedOrGoOn() {
        Checkpoint good;
        try (StreamLearner learner = new StreamLearner(stream, networks, new FakeEngine())) {
            for (int i = 0; i < KEPT; i++) teach(learner, i);
            learner.rows(chunk(KEPT));
            good = learner.checkpoint();
        }
        Random random = new Random(12);
        int damaged = 0;
        for (int i = 0; i < MUTATED; i++) {
            Checkpoint checkpoint = i % 2 == 0
                    ? new Checkpoint(Poison.mutated(good.head(), random), good.blocks(), good.states())
                    : new Checkpoint(
                            good.head(),
                            Map.of(
                                    0L,
                                    Poison.mutated(requireNonNull(good.blocks().get(0L)), random)),
                            good.states());
            try (StreamLearner learner = new StreamLearner(stream, networks, new FakeEngine())) {
                try {
                    learner.restore(checkpoint);
                } catch (MalformedRecordException e) {
                    damaged++;
                    continue;
                }
                for (int row = KEPT + 1; row < KEPT + 8; row++) teach(learner, row);
                assertThat(learner.checkpoint().head()).as("mutant " + i).isNotEmpty();
            }
        }
        assertThat(damaged).isBetween(MUTATED / 10, MUTATED - MUTATED / 10);
    }

    private void teach(StreamLearner learner, int step) {
        learner.rows(chunk(step));
        learner.gate(new Gate("test", "a", stream.generation(), step, step, true, ""));
    }

    private TrainingRows chunk(int at) {
        TrainingRows chunk = new TrainingRows();
        chunk.begin("test", "a", stream.generation(), FEATURES);
        Step step = new Step();
        step.features(FEATURES);
        step.step = at;
        step.timeMs = at * 1000L;
        for (int f = 0; f < FEATURES; f++) step.scale()[f] = 1;
        chunk.add(step);
        return chunk;
    }

    /** As versions 1 and 2 wrote it: one series, of which one row waits; no network had begun. */
    private byte[] head(int version) {
        Wire wire = Wire.writer(256);
        wire.u8(version).i32(stream.generation()).u16(FEATURES);
        wire.i64(KEPT).i64(0).i64(0).i32(0);
        wire.i32(1).string("a").i64(KEPT).i32(1);
        row(wire, KEPT);
        return wire.i32(0).u16(0).toBytes();
    }

    private static byte[] block() {
        Wire wire = Wire.writer(256).i32(KEPT);
        for (int i = 0; i < KEPT; i++) row(wire.i32(0).i64(i), i);
        return wire.toBytes();
    }

    private static void row(Wire wire, int step) {
        wire.i64(step).i64(step * 1000L).floats(new float[3 * FEATURES], 0, 3 * FEATURES);
    }
}
