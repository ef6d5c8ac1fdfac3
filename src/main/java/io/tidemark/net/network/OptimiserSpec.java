package io.tidemark.net.network;

/** How a gradient changes the weights. ρ is the learning rate, g the gradient, w a weight. */
public sealed interface OptimiserSpec {

    /** What differs between the optimisers; one implementation for each question asked of one. */
    interface Cases<T> {
        T sgd(Sgd sgd);

        T momentum(Momentum momentum);

        T adaGrad(AdaGrad adaGrad);

        T rmsProp(RmsProp rmsProp);

        T adam(Adam adam);
    }

    <T> T match(Cases<T> cases);

    /** Numbers it keeps for each weight from step to step. */
    int stateArrays();

    /** w −= ρ·g. */
    record Sgd() implements OptimiserSpec {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.sgd(this);
        }

        @Override
        public int stateArrays() {
            return 0;
        }
    }

    /**
     * v = momentum·v + g; w −= ρ·v (Polyak 1964), or with nesterov w −= ρ·(g + momentum·v) (Nesterov 1983).
     *
     * @param momentum in [0, 1)
     */
    record Momentum(double momentum, boolean nesterov) implements OptimiserSpec {
        public Momentum {
            share("training.optimiser.momentum", momentum);
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.momentum(this);
        }

        @Override
        public int stateArrays() {
            return 1;
        }
    }

    /** s += g²; w −= ρ·g / (√s + 1e-10) (Duchi et al. 2011). */
    record AdaGrad() implements OptimiserSpec {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.adaGrad(this);
        }

        @Override
        public int stateArrays() {
            return 1;
        }
    }

    /**
     * s = decay·s + (1 − decay)·g²; w −= ρ·g / (√s + 1e-8) (Tieleman and Hinton 2012).
     *
     * @param decay in [0, 1)
     */
    record RmsProp(double decay) implements OptimiserSpec {
        public RmsProp {
            share("training.optimiser.decay", decay);
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.rmsProp(this);
        }

        @Override
        public int stateArrays() {
            return 1;
        }
    }

    /**
     * Adam (Kingma and Ba 2015) with β₁ 0.9, β₂ 0.999 and ε 1e-8; with a weight decay AdamW (Loshchilov and Hutter 2019), where
     * w −= ρ·weightDecay·w comes first, for weights of two or more dimensions and so not for biases.
     *
     * @param weightDecay in [0, 1]
     */
    record Adam(double weightDecay) implements OptimiserSpec {
        public Adam {
            if (!(weightDecay >= 0 && weightDecay <= 1)) {
                throw new IllegalArgumentException(
                        "training.optimiser.weight-decay must be in [0, 1], but was " + weightDecay);
            }
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.adam(this);
        }

        @Override
        public int stateArrays() {
            return 2;
        }
    }

    private static void share(String setting, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(setting + " must be in [0, 1), but was " + value);
        }
    }
}
