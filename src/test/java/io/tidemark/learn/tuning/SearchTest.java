package io.tidemark.learn.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SearchTest {
    /** A make-believe network: the error falls with steps towards a floor that depends on how far the rate is from the best. */
    private static final class Bowl implements Trials {
        final double best;
        int open;
        int mostOpen;
        long steps;

        Bowl(double best) {
            this.best = best;
        }

        @Override
        public Trial open(Hyperparameters h) {
            open++;
            mostOpen = Math.max(mostOpen, open);
            return new Trial() {
                private long done;

                @Override
                public double train(int more) {
                    done += more;
                    steps += more;
                    if (h.learningRate() > 30 * best) return Double.NaN;
                    return Math.abs(Math.log(h.learningRate() / best)) + 1.0 / done;
                }

                @Override
                public void close() {
                    open--;
                }
            };
        }

        @Override
        public double[] losses(double[] rates) {
            double[] losses = new double[rates.length];
            for (int i = 0; i < rates.length; i++) {
                losses[i] = rates[i] > 30 * best ? Double.NaN : 1 / (1 + rates[i] / best);
            }
            return losses;
        }
    }

    private static final Hyperparameters DECLARED = new Hyperparameters(1e-3, 64, 0);

    @Test
    void finds_a_better_rate_than_the_declared_one() {
        Bowl bowl = new Bowl(0.006);
        SearchResult found = new Search(new SearchPlan(9, 10, 3, 4, 60, 1), bowl, tried -> {}).run(DECLARED);
        assertThat(Math.abs(Math.log(found.chosen().learningRate() / 0.006)))
                .isLessThan(Math.abs(Math.log(DECLARED.learningRate() / 0.006)) / 3);
        assertThat(bowl.open).isZero();
        assertThat(bowl.mostOpen).isEqualTo(9);
    }

    @Test
    void takes_the_steps_that_its_plan_says_and_no_more() {
        SearchPlan plan = new SearchPlan(9, 10, 3, 2, 0, 1);
        Bowl bowl = new Bowl(0.002);
        new Search(plan, bowl, tried -> {}).run(DECLARED);
        assertThat(bowl.steps).isEqualTo(plan.steps()).isEqualTo(9 * 10 + 3 * 30 + 90 + 2 * 130);
    }

    @Test
    void keeps_the_declared_setting_when_nothing_beats_it() {
        SearchResult found = new Search(new SearchPlan(6, 10, 2, 2, 0, 3), new Bowl(1e-3), tried -> {}).run(DECLARED);
        assertThat(found.chosen()).isEqualTo(DECLARED);
    }

    @Test
    void a_run_that_diverges_loses_against_any_that_does_not() {
        Hyperparameters wild = new Hyperparameters(0.9, 64, 0);
        SearchResult found = new Search(new SearchPlan(8, 10, 2, 0, 60, 5), new Bowl(1e-4), tried -> {}).run(wild);
        assertThat(found.chosen()).isNotEqualTo(wild);
        assertThat(found.error()).isFinite();
        assertThat(found.tried().get(0).error()).isNaN();
    }

    @Test
    void the_same_plan_gives_the_same_search() {
        List<SearchResult.Tried> heard = new ArrayList<>();
        SearchPlan plan = new SearchPlan(5, 7, 2, 1, 20, 11);
        SearchResult one = new Search(plan, new Bowl(0.01), heard::add).run(DECLARED);
        SearchResult two = new Search(plan, new Bowl(0.01), tried -> {}).run(DECLARED);
        assertThat(one).isEqualTo(two);
        assertThat(heard).isEqualTo(one.tried());
    }

    @Test
    void a_range_test_picks_a_tenth_of_where_the_loss_was_lowest() {
        double[] rates = RangeTest.rates(100);
        double[] losses = new double[100];
        for (int i = 0; i < 100; i++) losses[i] = i < 60 ? 1 - i / 100.0 : i < 80 ? 0.4 + (i - 60) : Double.NaN;
        assertThat(RangeTest.pick(rates, losses, 0.5)).isBetween(rates[55] / 10, rates[62] / 10);
    }

    @Test
    void a_range_test_that_never_learns_leaves_the_declared_rate() {
        double[] rates = RangeTest.rates(10);
        double[] rising = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
        assertThat(RangeTest.pick(rates, rising, 0.5)).isEqualTo(0.5);
    }
}
