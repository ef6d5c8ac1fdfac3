package io.tidemark.net.network;

/**
 * What keeps weights and steps small; 0 leaves each out. "Weights" are parameters of two or more dimensions: not biases, nor the
 * scales of a norm.
 *
 * @param l1 times the sign of a weight is added to its gradient; in [0, 1]
 * @param l2 times a weight is added to its gradient; in [0, 1]
 * @param maxNorm the most that the Euclidean norm of the weights into one unit may be after a step, or they are scaled down to
 *     it (Srebro and Shraibman 2005); in [0, 1000]
 * @param clipNorm the most that the Euclidean norm of the whole gradient may be, or it is scaled down to it, before l1 and l2
 *     (Pascanu et al. 2013); in [0, 1e6]
 */
public record Regularisation(double l1, double l2, double maxNorm, double clipNorm) {
    public static final Regularisation NONE = new Regularisation(0, 0, 0, 0);

    public Regularisation {
        check("training.l1", l1, 1);
        check("training.l2", l2, 1);
        check("training.max-norm", maxNorm, 1000);
        check("training.clip-norm", clipNorm, 1e6);
    }

    private static void check(String setting, double value, double most) {
        if (!(value >= 0 && value <= most)) {
            throw new IllegalArgumentException(setting + " must be in [0, " + most + "], but was " + value);
        }
    }
}
