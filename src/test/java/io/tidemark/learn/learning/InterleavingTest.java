package io.tidemark.learn.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class InterleavingTest {
    @Test
    void neighbouringRecordsOfOneLogAreOneRun() {
        Interleaving order = new Interleaving();
        order.take(false, 10);
        order.take(false, 12);
        order.take(true, 5);
        order.take(false, 13);
        assertThat(order.runs())
                .containsExactly(
                        new Interleaving.Run(false, 10, 13),
                        new Interleaving.Run(true, 5, 6),
                        new Interleaving.Run(false, 13, 14));
        assertThat(order.first(false)).isEqualTo(10);
        assertThat(order.first(true)).isEqualTo(5);
        assertThat(order.records()).isEqualTo(4);
    }

    @Test
    void orderSurvivesItsTextAndStaysSmall() {
        Random random = new Random(4);
        Interleaving order = new Interleaving();
        long[] next = {1_000_000_000_000L, 3};
        while (!order.isFull()) {
            int log = random.nextInt(2);
            order.take(log == 1, next[log]);
            next[log] += random.nextInt(10) == 0 ? 1 + random.nextInt(300) : 1;
        }
        Interleaving read = Interleaving.decode(order.encode());
        assertThat(read.runs()).isEqualTo(order.runs());
        assertThat(read.records()).isEqualTo(order.records());
        assertThat(order.encode().length()).isLessThan(5 * Interleaving.RUNS_MAX);
    }

    @Test
    void emptyOrderAndDamagedTextAreTold() {
        assertThat(Interleaving.decode(new Interleaving().encode()).runs()).isEmpty();
        assertThatThrownBy(() -> Interleaving.decode("gICA")).isInstanceOf(IllegalArgumentException.class);
    }
}
