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
        /**
         * What is left of a factor.
         *
         * @param warm the factor before it falls; in [0, 1]
         * @param epoch epochs since the first step
         * @param done share of the steps after the warm-up; in [0, 1]
         */
        double lower(double warm, double epoch, double done);

        /** Its canonical text; the same for good. */
        String identity();

        /** 1. */
        record Constant() implements Decay {
            @Override
            public double lower(double warm, double epoch, double done) {
                return warm;
            }

            @Override
            public String identity() {
                return "Constant[]";
            }
        }

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

            @Override
            public double lower(double warm, double epoch, double done) {
                return warm * Math.pow(factor, Math.floor(epoch / epochs));
            }

            @Override
            public String identity() {
                return "Step[factor=" + factor + ", epochs=" + epochs + "]";
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

            @Override
            public double lower(double warm, double epoch, double done) {
                return warm * Math.pow(factor, epoch);
            }

            @Override
            public String identity() {
                return "Exponential[factor=" + factor + "]";
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

            @Override
            public double lower(double warm, double epoch, double done) {
                return warm / (1 + decay * epoch);
            }

            @Override
            public String identity() {
                return "Inverse[decay=" + decay + "]";
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

            @Override
            public double lower(double warm, double epoch, double done) {
                return warm * (least + (1 - least) * (1 + Math.cos(Math.PI * done)) / 2);
            }

            @Override
            public String identity() {
                return "Cosine[least=" + least + "]";
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
        double left = Math.max(1, totalSteps - 1.0 - warmUpSteps);
        double done = Math.min(1, Math.max(0, (step - warmUpSteps) / left));
        return decay.lower(warm, epoch, done);
    }
}
