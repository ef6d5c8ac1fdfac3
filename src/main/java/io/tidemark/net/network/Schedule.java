package io.tidemark.net.network;

/**
 * How the learning rate falls while training: a pure function of the step, so that whoever trains may ask it at any time.
 *
 * @param warmUpSteps steps in which the rate rises in a line from nearly 0 to what the decay gives; in [0, 1,000,000]
 * @param decay what follows; it counts its epochs from the first step
 */
public record Schedule(int warmUpSteps, Decay decay) {
    /** The rate never falls. */
    public static final Schedule CONSTANT = new Schedule(0, new Decay.Constant());

    /** The fall of a learning rate; e is the epoch, which grows by a fraction in every step. */
    public sealed interface Decay {
        /** 1. */
        record Constant() implements Decay {}

        /**
         * factor^⌊e / epochs⌋.
         *
         * @param factor in (0, 1]
         * @param epochs from one fall to the next; in (0, 1,000,000]
         */
        record Step(double factor, double epochs) implements Decay {
            public Step {
                positive("training.schedule.factor", factor, 1);
                positive("training.schedule.epochs", epochs, 1e6);
            }
        }

        /**
         * factor^e.
         *
         * @param factor in (0, 1]
         */
        record Exponential(double factor) implements Decay {
            public Exponential {
                positive("training.schedule.factor", factor, 1);
            }
        }

        /**
         * 1 / (1 + decay·e).
         *
         * @param decay in (0, 1000]
         */
        record Inverse(double decay) implements Decay {
            public Inverse {
                positive("training.schedule.decay", decay, 1000);
            }
        }

        /**
         * Half a cosine from 1 at the end of the warm-up to {@code least} at the last step (Loshchilov and Hutter 2017).
         *
         * @param least in [0, 1]
         */
        record Cosine(double least) implements Decay {
            public Cosine {
                if (!(least >= 0 && least <= 1)) {
                    throw new IllegalArgumentException("training.schedule.least must be in [0, 1], but was " + least);
                }
            }
        }

        private static void positive(String setting, double value, double most) {
            if (!(value > 0 && value <= most)) {
                throw new IllegalArgumentException(setting + " must be in (0, " + most + "], but was " + value);
            }
        }
    }

    public Schedule {
        Range.check("training.schedule.warm-up", warmUpSteps, 0, 1_000_000);
    }

    /**
     * What the learning rate of a step is multiplied by; in [0, 1].
     *
     * @param step from 0
     * @param totalSteps of the whole training; at least 1; {@code Long.MAX_VALUE} for training that never ends, where a cosine
     *     stays at 1
     * @param stepsPerEpoch at least 1
     */
    public double factor(long step, long totalSteps, long stepsPerEpoch) {
        double warm = step < warmUpSteps ? (step + 1.0) / (warmUpSteps + 1.0) : 1;
        double epoch = step / (double) Math.max(1, stepsPerEpoch);
        if (decay instanceof Decay.Step fall) return warm * Math.pow(fall.factor(), Math.floor(epoch / fall.epochs()));
        if (decay instanceof Decay.Exponential fall) return warm * Math.pow(fall.factor(), epoch);
        if (decay instanceof Decay.Inverse fall) return warm / (1 + fall.decay() * epoch);
        if (decay instanceof Decay.Cosine fall) {
            double left = Math.max(1, totalSteps - 1.0 - warmUpSteps);
            double done = Math.min(1, Math.max(0, (step - warmUpSteps) / left));
            return warm * (fall.least() + (1 - fall.least()) * (1 + Math.cos(Math.PI * done)) / 2);
        }
        return warm;
    }
}
