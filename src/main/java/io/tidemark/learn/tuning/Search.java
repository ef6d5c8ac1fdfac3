package io.tidemark.learn.tuning;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Random search (Bergstra and Bengio 2012) with successive halving (Jamieson and Talwalkar 2016), then a local refinement.
 *
 * <p>Every candidate trains a few steps; the best fraction trains on, with more steps, until one is left. Runs are paused, not
 * repeated. Neighbours of the winner then get as many steps as it had. The same plan and the same trials give the same result.
 */
public final class Search {
    private static final double REFINING = 1.6;
    private final SearchPlan plan;
    private final Trials trials;
    private final Consumer<SearchResult.Tried> progress;
    private final List<SearchResult.Tried> tried = new ArrayList<>();

    private record Run(int candidate, Hyperparameters hyperparameters, Trial trial) {}

    /** @param progress hears of every round of every candidate */
    public Search(SearchPlan plan, Trials trials, Consumer<SearchResult.Tried> progress) {
        this.plan = plan;
        this.trials = trials;
        this.progress = progress;
    }

    /** @param declared the zoo file's own setting; always among the candidates */
    public SearchResult run(Hyperparameters declared) {
        double pick = Double.NaN;
        double around = declared.learningRate();
        if (plan.rangeSteps() > 0) {
            double[] rates = RangeTest.rates(plan.rangeSteps());
            pick = RangeTest.pick(rates, trials.losses(rates), declared.learningRate());
            around = pick;
        }
        SearchResult.Tried best = halve(candidates(declared, around));
        best = refine(best);
        return new SearchResult(best.hyperparameters(), best.error(), pick, tried);
    }

    private List<Hyperparameters> candidates(Hyperparameters declared, double around) {
        SplittableRandom random = new SplittableRandom(plan.seed());
        List<Hyperparameters> drawn = new ArrayList<>();
        drawn.add(declared);
        while (drawn.size() < plan.candidates()) {
            double rate = Math.min(1, around * Math.exp(random.nextDouble(Math.log(0.1), Math.log(3))));
            int batch = bounded(declared.batch() * new double[] {0.5, 1, 2}[random.nextInt(3)]);
            boolean decays = random.nextBoolean();
            double decay = Math.exp(random.nextDouble(Math.log(1e-6), Math.log(1e-3)));
            drawn.add(new Hyperparameters(rate, batch, decays ? decay : declared.weightDecay()));
        }
        return drawn;
    }

    private static int bounded(double batch) {
        return (int) Math.max(1, Math.min(4096, batch));
    }

    private SearchResult.Tried halve(List<Hyperparameters> candidates) {
        List<Run> open = new ArrayList<>();
        try {
            for (Hyperparameters candidate : candidates) {
                open.add(new Run(open.size(), candidate, trials.open(candidate)));
            }
            long each = plan.firstSteps();
            long done = 0;
            for (int round = 0; ; round++) {
                done += each;
                List<SearchResult.Tried> results = new ArrayList<>();
                for (Run run : open) {
                    results.add(note(run.candidate(), round, done, run.hyperparameters(), train(run.trial(), each)));
                }
                results.sort(Comparator.comparingDouble(Search::rank).thenComparingInt(SearchResult.Tried::candidate));
                if (open.size() == 1) return results.get(0);
                keep(open, results.subList(0, plan.survivors(open.size())));
                each *= plan.halving();
            }
        } finally {
            open.forEach(run -> run.trial().close());
        }
    }

    private static void keep(List<Run> open, List<SearchResult.Tried> best) {
        open.removeIf(run -> {
            boolean stays = best.stream().anyMatch(one -> one.candidate() == run.candidate());
            if (!stays) run.trial().close();
            return !stays;
        });
    }

    private SearchResult.Tried refine(SearchResult.Tried winner) {
        SearchResult.Tried best = winner;
        double[] factors = {REFINING, 1 / REFINING};
        for (int k = 0; k < plan.refinements(); k++) {
            Hyperparameters from = best.hyperparameters();
            double factor = Math.pow(factors[k % 2], 1.0 / (1 + k / 2));
            Hyperparameters neighbour =
                    new Hyperparameters(Math.min(1, from.learningRate() * factor), from.batch(), from.weightDecay());
            try (Trial trial = trials.open(neighbour)) {
                double error = train(trial, winner.steps());
                SearchResult.Tried one =
                        note(plan.candidates() + k, winner.round() + 1, winner.steps(), neighbour, error);
                if (rank(one) < rank(best)) best = one;
            }
        }
        return best;
    }

    private static double train(Trial trial, long steps) {
        return trial.train((int) Math.min(Integer.MAX_VALUE, steps));
    }

    private static double rank(SearchResult.Tried one) {
        return Double.isFinite(one.error()) ? one.error() : Double.POSITIVE_INFINITY;
    }

    private SearchResult.Tried note(int candidate, int round, long steps, Hyperparameters h, double error) {
        SearchResult.Tried one = new SearchResult.Tried(candidate, round, steps, h, error);
        tried.add(one);
        progress.accept(one);
        return one;
    }
}
