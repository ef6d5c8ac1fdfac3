package io.tidemark.learn.learning;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.net.engine.TestNetworks;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Label;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.TrainingRows;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private static final int ROWS = 20;

    private final History history = new History(1, 0, 1000, 10);

    @Test
    void windowsSpanWithheldRowsAndWeighThemNothing() {
        history.rows(rows());
        history.gate(gate(0, 9, true));
        history.gate(gate(10, 10, false));
        history.gate(gate(11, ROWS - 1, true));
        assertThat(history.kept()).isEqualTo(ROWS - 1);
        assertThat(history.withheld()).isEqualTo(1);
        History.Windows windows = history.windows(TestNetworks.autoencoder().bind(1));
        assertThat(windows.size())
                .as("all but those that end with the withheld row")
                .isEqualTo(ROWS - 3 - 1);
        float[] input = new float[2 * TestNetworks.WINDOW];
        float[] target = new float[2 * TestNetworks.WINDOW];
        float[] weight = new float[2 * TestNetworks.WINDOW];
        int spanning = 0;
        for (int i = 0; i < windows.size(); i++) {
            windows.copy(i, input, target, 1);
            windows.weigh(i, weight, 1);
            for (int r = TestNetworks.WINDOW; r < 2 * TestNetworks.WINDOW; r++) {
                assertThat(weight[r]).isEqualTo(target[r] == 10 ? 0 : 1);
                if (weight[r] == 0) spanning++;
            }
        }
        assertThat(spanning).isEqualTo(TestNetworks.WINDOW - 1);
    }

    @Test
    void labelCountsTheSameBeforeAndAfterItsRows() {
        List<Integer> kept = new ArrayList<>();
        List<Long> withheld = new ArrayList<>();
        for (int place = 0; place < 3; place++) {
            History read = new History(1, 0, 1000, 10);
            if (place == 0) read.label(label());
            read.gate(gate(0, ROWS - 1, false));
            if (place == 1) read.label(label());
            read.rows(rows());
            if (place == 2) read.label(label());
            kept.add(read.kept());
            withheld.add(read.withheld());
        }
        assertThat(kept).containsOnly(7);
        assertThat(withheld).containsOnly(ROWS - 7L);
    }

    private static Label label() {
        return new Label("test", "a", 5000, 11000, false);
    }

    private static Gate gate(int from, int to, boolean teach) {
        return new Gate("test", "a", 0, from, to, teach, "");
    }

    /** Row 10 is ten scales away, the others are not. */
    private static TrainingRows rows() {
        TrainingRows rows = new TrainingRows();
        rows.begin("test", "a", 0, 1);
        for (int i = 0; i < ROWS; i++) {
            Step step = new Step();
            step.features(1);
            step.step = i;
            step.timeMs = i * 1000L;
            step.values()[0] = i == 10 ? 50 : 1;
            step.scale()[0] = 1;
            rows.add(step);
        }
        return rows;
    }
}
