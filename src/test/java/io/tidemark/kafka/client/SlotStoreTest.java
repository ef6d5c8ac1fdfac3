package io.tidemark.kafka.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SlotStoreTest {
    private static final long EACH = 10;

    private static final class Held extends SlotStore.LiveSeries {
        int value;

        Held(String name, int value) {
            super("s", name, EACH);
            this.value = value;
        }
    }

    /** A number for each series. */
    private static final class Numbers extends SlotStore<Held> {
        Numbers(KeyValueStore<Bytes, byte[]> slots, LiveHeap heap) {
            super(slots, heap);
        }

        @Nullable
        Held onHeap(String name) {
            return live("s", name);
        }

        Held add(String name, int change) {
            Held held = live("s", name);
            if (held == null) {
                byte[] stored = wrapped().get(Bytes.wrap(key("s", name)));
                held = keep(new Held(name, stored == null ? 0 : stored[0]));
            }
            held.value += change;
            touch(held);
            return held;
        }

        Held look(String name) {
            Held held = live("s", name);
            return held == null ? keep(new Held(name, 0)) : held;
        }

        void remove(String name) {
            drop("s", name);
            wrapped().delete(Bytes.wrap(key("s", name)));
        }

        @Override
        protected void save(Held held) {
            wrapped().put(Bytes.wrap(held.key), new byte[] {(byte) held.value});
        }
    }

    private static Numbers open(LiveHeap heap) {
        Numbers numbers = new Numbers(Stores.inMemoryKeyValueStore("numbers").get(), heap);
        numbers.init(new MockProcessorContext<>().getStateStoreContext(), numbers);
        return numbers;
    }

    private static List<String> onHeap(Numbers numbers, String... names) {
        List<String> found = new ArrayList<>();
        for (String name : names) if (numbers.onHeap(name) != null) found.add(name);
        return found;
    }

    @Test
    void whatWasNotAskedForLatelyLeavesAtACommitAndComesBackAsItWas() {
        Numbers numbers = open(new LiveHeap(3 * EACH));
        for (String name : List.of("a", "b", "c", "d")) numbers.add(name, 1);
        assertThat(onHeap(numbers, "a", "b", "c", "d")).as("before the commit").hasSize(4);
        numbers.add("a", 1);
        numbers.flushCache();
        assertThat(onHeap(numbers, "a", "b", "c", "d")).containsExactly("a", "c", "d");
        assertThat(numbers.add("b", 5).value).isEqualTo(6);
        assertThat(numbers.add("a", 0).value).isEqualTo(2);
        numbers.flushCache();
        assertThat(onHeap(numbers, "a", "b", "c", "d"))
                .as("c was asked for before d")
                .containsExactly("a", "b", "d");
    }

    @Test
    void betweenTwoCommitsOnlyWhatHasChangedSinceAndWhatIsAtHandTakesMore() {
        Numbers numbers = open(new LiveHeap(0));
        for (int i = 0; i < 50; i++) numbers.look("x" + i);
        assertThat(onHeap(numbers, "x40", "x41", "x42", "x48", "x49"))
                .as("the eight that were asked for last")
                .containsExactly("x42", "x48", "x49");
        for (int i = 0; i < 50; i++) numbers.add("x" + i, 1);
        assertThat(onHeap(numbers, "x0", "x20", "x49")).as("changed").hasSize(3);
    }

    @Test
    void aStoreKeepsItsEvenShareWhateverTheOthersHold() {
        LiveHeap heap = new LiveHeap(4 * EACH);
        Numbers few = open(heap);
        Numbers many = open(heap);
        few.add("a", 1);
        for (int i = 0; i < 20; i++) many.add("m" + i, 1);
        few.flushCache();
        assertThat(onHeap(few, "a")).containsExactly("a");
        many.flushCache();
        assertThat(onHeap(many, "m16", "m17", "m18", "m19")).containsExactly("m17", "m18", "m19");
        many.close();
        for (String name : List.of("b", "c", "d", "e")) few.add(name, 1);
        few.flushCache();
        assertThat(onHeap(few, "a", "b", "c", "d", "e"))
                .as("all of it when alone")
                .hasSize(4);
    }

    @Test
    void whatIsDroppedOrForgottenTakesNoRoom() {
        Numbers numbers = open(new LiveHeap(2 * EACH));
        for (int i = 0; i < 10; i++) {
            numbers.add("x" + i, 1);
            numbers.remove("x" + i);
        }
        numbers.add("a", 1);
        numbers.add("b", 1);
        numbers.flushCache();
        assertThat(onHeap(numbers, "a", "b")).hasSize(2);
        numbers.clearCache();
        assertThat(onHeap(numbers, "a", "b")).isEmpty();
        numbers.add("c", 1);
        numbers.add("d", 1);
        numbers.flushCache();
        assertThat(onHeap(numbers, "c", "d")).hasSize(2);
        assertThat(new String(Objects.requireNonNull(numbers.onHeap("c")).key, UTF_8))
                .isEqualTo("s/c");
    }
}
