package io.tidemark.series.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.sample.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of every event that was taken, a sample tells or the stored state does, however many features there are. */
class WaitingEventsTest {
    private static final long START = 1_700_000_000_000L;

    @TempDir
    Path folder;

    /** Slots in a map. */
    private static final class Stored implements Slots {
        final TreeMap<Integer, byte[]> pieces = new TreeMap<>();

        @Override
        public byte @Nullable [] get(int slot) {
            return pieces.get(slot);
        }

        @Override
        public void put(int slot, byte[] piece) {
            pieces.put(slot, piece);
        }
    }

    private final Stored stored = new Stored();
    private final TreeSet<Long> closed = new TreeSet<>();
    private long sent;

    private final SampleListener listener = new SampleListener() {
        @Override
        public void sample(Step step, byte[] record) {
            for (int range = 0; range < step.events.size(); range++) {
                for (int i = 0; i < step.events.count(range); i++) closed.add(step.events.firstOffset(range) + i);
            }
        }

        @Override
        public void training(byte[] record) {}

        @Override
        public void givenUp(DecodedEvent event) {
            closed.add(event.offset);
        }
    };

    private void send(SeriesPipeline series, long timeMs) {
        DecodedEvent event = new DecodedEvent(2);
        event.series = "a";
        event.partition = 3;
        event.timeMs = timeMs;
        event.feature = DecodedEvent.WIDE;
        event.offset = sent++;
        event.values()[0] = sent;
        assertThat(series.accept(event, listener)).isEqualTo(Admission.JOINED);
        series.save(stored);
    }

    private List<Long> waiting() {
        List<Long> waiting = new ArrayList<>();
        List<byte[]> steps = List.copyOf(stored.pieces
                .subMap(WaitingEvents.FIRST_SLOT, true, WaitingEvents.LAST_SLOT, true)
                .values());
        byte[] head = Objects.requireNonNull(stored.get(SeriesPipeline.HEAD_SLOT));
        WaitingEvents.visit(head, steps, stored.get(WaitingEvents.JUMP_SLOT), (partition, offset) -> {
            assertThat(partition).isEqualTo(3);
            waiting.add(offset);
        });
        return waiting;
    }

    private void everyEventIsTold() {
        List<Long> waiting = waiting();
        assertThat(waiting).doesNotHaveDuplicates().noneMatch(closed::contains);
        assertThat(waiting.size() + closed.size()).isEqualTo((int) sent);
    }

    @Test
    void eventsOfOpenStepsAndALoneJumpAreToldAndNoOthers() throws IOException {
        Path file = Files.writeString(folder.resolve("s.yaml"), """
                stream: s
                input: {topic: in, series: [x], features: [a, b]}
                step: 1s
                lateness: 3s
                """);
        StreamSpec stream = StreamFile.read(file);
        SeriesPipeline series = new WindowPlan(stream, 4).begin("a", true);
        for (int i = 0; i < 60; i++) {
            send(series, START + 700L * i - (i % 3 == 2 ? 2_000 : 0));
            everyEventIsTold();
        }
        assertThat(closed).isNotEmpty();
        assertThat(waiting()).isNotEmpty();
        send(series, START + Duration.ofDays(3650).toMillis());
        everyEventIsTold();
        assertThat(waiting()).contains(sent - 1);
    }
}
