package io.tidemark.learn.tuning;

/** Where training runs come from. */
public interface Trials {

    /** A fresh run; the same hyper-parameters give the same run. */
    Trial open(Hyperparameters hyperparameters);

    /**
     * A fresh run at the declared batch and weight decay whose learning rate grows from step to step.
     *
     * @param rates of each step, ascending
     * @return training loss of each step; what follows a divergence is NaN
     */
    double[] losses(double[] rates);
}
