package io.tidemark.learn.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.config.StreamSpec;
import io.tidemark.net.engine.FakeEngine;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.Safetensors;
import io.tidemark.net.engine.TestNetworks;
import io.tidemark.net.network.Network;
import io.tidemark.series.sample.FrozenState;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Label;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.TrainingRows;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A learner's checkpoint as an earlier build stored it goes on as that build did. */
class StoredLearnerTest {
    private static final int FEATURES = 2;
    private static final int STORED_AT = 80;
    private static final int END = 120;

    private final StreamSpec stream = TestNetworks.stream(FEATURES);
    private final List<Network> networks = TestNetworks.both(FEATURES);
    private final FrozenState frozen = FrozenState.read("checkpoint-4", present());

    @Test
    void aStoredLearnerLearnsOnAsItDid() {
        try (StreamLearner learner = new StreamLearner(stream, networks, new FakeEngine())) {
            assertThat(learner.restore(checkpoint(frozen.parts()))).isTrue();
            assertThat(learner.history().taught()).isGreaterThan(60);
            learn(learner, STORED_AT, END);
            frozen.assertGives(parts(learner.checkpoint()));
        }
    }

    @Test
    void aCheckpointOfTheVersionBeforeTeachesTheSame() {
        FrozenState before = FrozenState.read("checkpoint-3", Map.of());
        try (StreamLearner learner = new StreamLearner(stream, networks, new FakeEngine())) {
            assertThat(learner.restore(checkpoint(before.parts()))).isTrue();
            learn(learner, STORED_AT, END);
            Map<String, byte[]> now = parts(learner.checkpoint());
            now.remove("head");
            now.forEach((name, bytes) -> assertThat(bytes).as(name).isEqualTo(before.part("gave." + name)));
        }
    }

    @Test
    void aCheckpointOfAnUnknownVersionSaysWhatToDo() {
        Checkpoint read = checkpoint(frozen.parts());
        Checkpoint later = new Checkpoint(frozen.ofVersion("head", 9), read.blocks(), read.states());
        try (StreamLearner learner = new StreamLearner(stream, networks, new FakeEngine())) {
            assertThatThrownBy(() -> learner.restore(later))
                    .hasMessageContaining("version 9")
                    .hasMessageContaining(FrozenState.REMEDY);
        }
    }

    private Map<String, byte[]> present() {
        try (StreamLearner learner = new StreamLearner(stream, networks, new FakeEngine())) {
            learn(learner, 0, STORED_AT);
            return parts(learner.checkpoint());
        }
    }

    private static Map<String, byte[]> parts(Checkpoint checkpoint) {
        Map<String, byte[]> parts = new TreeMap<>();
        parts.put("head", checkpoint.head());
        checkpoint.blocks().forEach((number, bytes) -> parts.put("block." + number, bytes));
        checkpoint.states().forEach((name, state) -> parts.put("state." + name, Safetensors.write(state)));
        return parts;
    }

    private static Checkpoint checkpoint(Map<String, byte[]> parts) {
        Map<Long, byte[]> blocks = new TreeMap<>();
        Map<String, NetworkState> states = new LinkedHashMap<>();
        byte[] head = new byte[0];
        for (Map.Entry<String, byte[]> part : parts.entrySet()) {
            String name = part.getKey();
            if (name.equals("head")) head = part.getValue();
            if (name.startsWith("block.")) {
                blocks.put(Long.parseLong(name.substring(6)), part.getValue());
            }
            if (name.startsWith("state.")) {
                states.put(name.substring(6), Safetensors.read(part.getValue()));
            }
        }
        return new Checkpoint(head, blocks, states);
    }

    /** Two series, one of which waits for gates, with withheld rows and labels. Values are of whole numbers: no library decides them. */
    private void learn(StreamLearner learner, int from, int to) {
        for (int i = from; i < to; i++) {
            learner.rows(chunk(i % 3 == 0 ? "a" : "b", i));
            String gated = i % 2 == 0 ? "a" : "b";
            boolean teach = i % 5 != 0;
            learner.gate(new Gate(
                    "test",
                    gated,
                    stream.generation(),
                    Math.max(0, i - 20),
                    Math.max(0, i - 20) + 19,
                    teach,
                    teach ? "" : "alert-open"));
            if (i % 17 == 0) learner.label(new Label("test", "a", i * 900L, i * 910L, i % 2 == 0));
        }
    }

    private TrainingRows chunk(String series, int from) {
        TrainingRows chunk = new TrainingRows();
        chunk.begin("test", series, stream.generation(), FEATURES);
        for (int i = from; i < from + 2; i++) {
            Step step = new Step();
            step.features(FEATURES);
            step.step = i;
            step.timeMs = i * 1000L;
            for (int f = 0; f < FEATURES; f++) {
                step.values()[f] = Math.floorMod(i * 37 + f, 11) / 8.0;
                step.scale()[f] = 1;
            }
            chunk.add(step);
        }
        return chunk;
    }
}
