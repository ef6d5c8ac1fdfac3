package io.tidemark.learn.learning;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.net.engine.TestNetworks;
import io.tidemark.net.network.Network;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Label;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.TrainingRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Rows, gates and labels in any order against a slow model that remembers everything. */
class TaughtRowsProperties {
    private static final int CASES = 300;
    private static final int STEPS = 120;

    /** What happened to one series, in order; a row's fate is decided when its gate is known. */
    private static final class Model {
        final boolean[] filled = new boolean[STEPS];
        final List<Integer> came = new ArrayList<>();
        final List<Gate> gates = new ArrayList<>();
        final List<Label> labels = new ArrayList<>();
        final List<Integer> kept = new ArrayList<>();
        final List<Boolean> teaches = new ArrayList<>();
        final boolean dropsContext;
        int decided;
        int taught;

        Model(boolean dropsContext) {
            this.dropsContext = dropsContext;
        }

        void decide() {
            for (; decided < came.size(); decided++) {
                int step = came.get(decided);
                Gate gate = gates.stream()
                        .filter(g -> g.toStep() >= step)
                        .findFirst()
                        .orElse(null);
                if (gate == null) return;
                boolean may = may(step, gate.fromStep() <= step && gate.teach());
                if (may) taught++;
                long teaching = teaches.stream().filter(t -> t).count();
                if (!may && dropsContext && kept.size() - teaching >= teaching) continue;
                kept.add(step);
                teaches.add(may);
            }
        }

        private boolean may(int step, boolean gate) {
            boolean may = gate;
            for (Label label : labels) if (label.covers(step * 1000L)) may = !label.anomaly();
            return may && !filled[step];
        }

        void label(Label label) {
            labels.add(label);
            for (int i = 0; i < kept.size(); i++) {
                if (label.covers(kept.get(i) * 1000L)) teaches.set(i, !label.anomaly() && !filled[kept.get(i)]);
            }
        }

        boolean example(int last, int span, int asked) {
            int teaching = 0;
            for (int i = last - span + 1; i <= last; i++) {
                if (i < 0 || kept.get(i) != kept.get(last) - last + i) return false;
                if (teaches.get(i)) teaching++;
            }
            return teaches.get(last - asked) && 2 * teaching >= span;
        }
    }

    @Test
    void everyRowHasTheFateThatTheSlowModelGivesIt() {
        Network autoencoder = TestNetworks.autoencoder().bind(1);
        Network forecaster = TestNetworks.forecaster().bind(1);
        int examplesSeen = 0;
        for (int seed = 0; seed < CASES; seed++) {
            TaughtRows rows = new TaughtRows(1, 0, 1000, 1000);
            Model model = new Model(true);
            for (Consumer<TaughtRows> call : calls(new Random(seed), model, true)) call.accept(rows);
            SeriesRows a = rows.all.get(0);
            assertThat(rows.taught()).isEqualTo(model.taught);
            assertThat(a.size()).isEqualTo(model.kept.size());
            for (int i = 0; i < a.size(); i++) {
                assertThat(a.row(i).step).isEqualTo(model.kept.get(i).longValue());
                assertThat(a.row(i).teaches).as("row %s of case %s", i, seed).isEqualTo(model.teaches.get(i));
            }
            examplesSeen += compare(model, rows, autoencoder, 0);
            examplesSeen += compare(model, rows, forecaster, TestNetworks.HORIZON - 1);
        }
        assertThat(examplesSeen).isGreaterThan(CASES);
    }

    private static int compare(Model model, TaughtRows rows, Network network, int asked) {
        Examples examples = new Examples(rows, network, 10);
        int span = network.spec().rowsToTrain();
        int seen = 0;
        for (int i = 0; i < model.kept.size(); i++) {
            boolean expected = model.example(i, span, asked);
            assertThat(examples.at(0, i)).isEqualTo(expected);
            if (expected) seen++;
        }
        return seen;
    }

    @Test
    void orderOfGatesAndLabelsAmongTheRowsDecidesNothingInAHistory() {
        for (int seed = 0; seed < CASES; seed++) {
            List<List<Boolean>> fates = new ArrayList<>();
            for (int order = 0; order < 3; order++) {
                TaughtRows rows = TaughtRows.whole(1, 0, 1000, History.LABELS_MAX);
                Model model = new Model(false);
                List<Consumer<TaughtRows>> calls = calls(new Random(seed), model, false);
                for (Consumer<TaughtRows> call : shuffled(calls, new Random(order), order)) call.accept(rows);
                List<Boolean> fate = new ArrayList<>();
                for (int i = 0; i < rows.all.get(0).size(); i++) {
                    fate.add(rows.all.get(0).row(i).teaches);
                }
                fates.add(fate);
            }
            assertThat(fates.get(1)).isEqualTo(fates.get(0));
            assertThat(fates.get(2)).isEqualTo(fates.get(0));
        }
    }

    /** Another order in which calls of one kind stay in theirs: rows come from one topic, gates and labels from another. */
    private static List<Consumer<TaughtRows>> shuffled(List<Consumer<TaughtRows>> calls, Random random, int order) {
        if (order == 0) return calls;
        List<Consumer<TaughtRows>> rows = new ArrayList<>();
        List<Consumer<TaughtRows>> others = new ArrayList<>();
        for (Consumer<TaughtRows> call : calls) (call instanceof Rows ? rows : others).add(call);
        List<Consumer<TaughtRows>> mixed = new ArrayList<>();
        while (!rows.isEmpty() || !others.isEmpty()) {
            boolean row = others.isEmpty() || (!rows.isEmpty() && random.nextBoolean());
            mixed.add((row ? rows : others).remove(0));
        }
        return mixed;
    }

    /** A chunk of rows. */
    private record Rows(TrainingRows chunk) implements Consumer<TaughtRows> {
        @Override
        public void accept(TaughtRows rows) {
            rows.add(chunk, () -> {});
        }
    }

    /** Random calls; the model hears of each when it is made, or not at all. */
    private static List<Consumer<TaughtRows>> calls(Random random, Model model, boolean modelled) {
        List<Consumer<TaughtRows>> calls = new ArrayList<>();
        int nextRow = 0;
        int nextGate = 0;
        double withheld = random.nextDouble() * 0.6;
        while (nextRow < STEPS || nextGate < STEPS) {
            int kind = random.nextInt(20);
            if (kind == 0) {
                long from = random.nextInt(STEPS) * 1000L;
                Label label = new Label("test", "a", from, from + random.nextInt(30) * 1000L, random.nextBoolean());
                calls.add(rows -> rows.label(label));
                if (modelled) model.label(label);
            } else if (kind < 12 && nextRow < STEPS) {
                int count = Math.min(STEPS - nextRow, 1 + random.nextInt(6));
                TrainingRows chunk = new TrainingRows();
                chunk.begin("test", "a", 0, 1);
                for (int i = nextRow; i < nextRow + count; i++) {
                    if (random.nextInt(30) == 0) continue; // a gap
                    model.filled[i] = random.nextInt(10) == 0;
                    chunk.add(step(i, model.filled[i]));
                    if (modelled) model.came.add(i);
                }
                nextRow += count;
                calls.add(new Rows(chunk));
            } else if (nextGate < STEPS) {
                int to = Math.min(STEPS, nextGate + 1 + random.nextInt(4)) - 1;
                Gate gate = new Gate("test", "a", 0, nextGate, to, random.nextDouble() >= withheld, "");
                nextGate = to + 1;
                if (random.nextInt(20) == 0) continue; // a gate that never came
                calls.add(rows -> rows.add(gate, () -> {}));
                if (modelled) model.gates.add(gate);
            }
            if (modelled) model.decide();
        }
        return calls;
    }

    private static Step step(int number, boolean filled) {
        Step step = new Step();
        step.features(1);
        step.step = number;
        step.timeMs = number * 1000L;
        step.values()[0] = number;
        step.scale()[0] = 1;
        step.imputed()[0] = filled;
        return step;
    }
}
