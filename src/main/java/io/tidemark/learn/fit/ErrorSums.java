package io.tidemark.learn.fit;

/** Sums errors of elements that count, one after the other. Owned by one thread. */
final class ErrorSums {
    private double squared;
    private double absolute;
    private double elements;

    /** @param error output minus target of one element that counts */
    void add(double error) {
        elements++;
        squared += error * error;
        absolute += Math.abs(error);
    }

    /** @param loss the mean loss of the examples; NaN where there is none */
    Errors means(int examples, double loss) {
        return new Errors(examples, loss, squared / elements, absolute / elements);
    }
}
