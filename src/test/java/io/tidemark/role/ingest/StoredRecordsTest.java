package io.tidemark.role.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.sample.Frame;
import io.tidemark.series.sample.FrozenState;
import io.tidemark.series.sample.TrainingFrame;
import io.tidemark.series.sample.Wire;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Events, ticks and frames that lay on ingest's topics while another build took over. */
class StoredRecordsTest {
    private static final Wire WIRE = Wire.writer(512);
    private static final Frame FRAME =
            new Frame(1, 2, 2, new byte[] {1, 2, 3, 4}, new Frame.Source(4, 4, 0, 0, 4, 4, "frame-17"));
    private static final TickRecord TICK = new TickRecord("s", "hall-3/a", 7, 41);
    private static final TrainingFrame TRAINING = new TrainingFrame("s", "a", 7, 5, 1_700_000_000_000L, FRAME);

    private final FrozenState events = FrozenState.read(
            "event-record-1",
            Map.of(
                    "wide",
                    event(DecodedEvent.WIDE, null),
                    "named",
                    event(1, null),
                    "frame",
                    event(DecodedEvent.WIDE, FRAME)));
    private final FrozenState tick = FrozenState.read("tick-record-1", Map.of("tick", TICK.encode(WIRE)));
    private final FrozenState training = FrozenState.read("training-frame-2", Map.of("frame", TRAINING.encode(WIRE)));

    @Test
    void storedEventsSayTheSame() {
        assertThat(read("wide", false).values()).containsExactly(1.5, -2);
        assertThat(read("named", false).feature).isEqualTo(1);
        assertThat(read("named", false).values()[1]).isEqualTo(-2);
        Frame frame = read("frame", true).frame;
        assertThat(frame).usingRecursiveComparison().isEqualTo(FRAME);
        assertThat(events.part("wide")).isEqualTo(event(DecodedEvent.WIDE, null));
        assertThat(events.part("named")).isEqualTo(event(1, null));
        assertThat(events.part("frame")).isEqualTo(event(DecodedEvent.WIDE, FRAME));
    }

    @Test
    void aStoredTickAndAStoredFrameSayTheSame() {
        assertThat(TickRecord.decode(tick.part("tick"))).isEqualTo(TICK);
        assertThat(TICK.encode(WIRE)).isEqualTo(tick.part("tick"));
        assertThat(TrainingFrame.decode(training.part("frame")))
                .usingRecursiveComparison()
                .isEqualTo(TRAINING);
        assertThat(TRAINING.encode(WIRE)).isEqualTo(training.part("frame"));
    }

    @Test
    void aRecordOfAnUnknownVersionSaysWhatToDo() {
        refused(() -> EventRecord.stream(Wire.reader(events.ofVersion("wide", 9))));
        refused(() -> TickRecord.decode(tick.ofVersion("tick", 9)));
        refused(() -> TrainingFrame.decode(training.ofVersion("frame", 9)));
    }

    private static void refused(ThrowingCallable read) {
        assertThatThrownBy(read).hasMessageContaining("version 9").hasMessageContaining(FrozenState.REMEDY);
    }

    private DecodedEvent read(String name, boolean frames) {
        byte[] record = events.part(name);
        Wire wire = Wire.reader(record);
        assertThat(EventRecord.stream(wire)).isEqualTo("s");
        DecodedEvent event = new DecodedEvent(frames ? 1 : 2);
        assertThat(EventRecord.read(record, wire, event, frames)).isTrue();
        assertThat(event.series).isEqualTo("a");
        assertThat(event.timeMs).isEqualTo(1_700_000_000_000L);
        assertThat(event.partition).isEqualTo(3);
        assertThat(event.offset).isEqualTo(99);
        assertThat(event.producedMs).isEqualTo(1_700_000_000_123L);
        return event;
    }

    private static byte[] event(int feature, @org.jspecify.annotations.Nullable Frame frame) {
        DecodedEvent event = new DecodedEvent(frame == null ? 2 : 1);
        event.series = "a";
        event.timeMs = 1_700_000_000_000L;
        event.partition = 3;
        event.offset = 99;
        event.producedMs = 1_700_000_000_123L;
        event.feature = feature;
        event.frame = frame;
        event.values()[0] = 1.5;
        if (frame == null) event.values()[1] = -2;
        return EventRecord.encode(WIRE, "s", event);
    }
}
