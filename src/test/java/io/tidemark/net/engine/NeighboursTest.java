package io.tidemark.net.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NeighboursTest {
    /** Angles of 0, 10, 90 and 100 degrees, and the first again at another length. */
    private static final float[] VECTORS = {1, 0, 0.985f, 0.174f, 0, 2, -0.174f, 0.985f, 9, 0};

    @Test
    void eachLooksAtItselfAndAtThoseOfTheNearestAngleWhateverTheirLength() {
        Neighbours neighbours = new Neighbours(5, 2, 1);
        assertThat(neighbours.count()).isEqualTo(2);
        assertThat(neighbours.of(VECTORS)).containsExactly(0, 4, 0, 1, 2, 3, 2, 3, 0, 4);
    }

    @Test
    void ofEqualAnglesTheFirstIsTaken() {
        float[] vectors = {1, 0, 0, 1, 2, 0, 3, 0};
        assertThat(new Neighbours(4, 2, 1).of(vectors)).containsExactly(0, 2, 0, 1, 0, 2, 0, 3);
    }

    @Test
    void aVectorOfZerosIsNobodysNeighbourBeforeOthersAndBreaksNothing() {
        float[] vectors = {0, 0, 1, 1, 1, 2};
        assertThat(new Neighbours(3, 2, 1).of(vectors)).containsExactly(0, 1, 1, 2, 1, 2);
    }

    @Test
    void whereThereAreNoMoreThanAskedForEachLooksAtAll() {
        Neighbours neighbours = new Neighbours(3, 2, 8);
        assertThat(neighbours.all()).isTrue();
        assertThat(neighbours.of(VECTORS)).containsExactly(0, 1, 2, 0, 1, 2, 0, 1, 2);
    }
}
