package io.tidemark.judge.outcome;

/** Picks the features that stand out most. */
final class TopFeatures {
    private TopFeatures() {}

    /**
     * Finds the largest shares above 0, largest first; of equal ones the lower index comes first.
     *
     * @param target receives their indexes
     * @return how many there are; at most the length of the target
     */
    static int largest(float[] shares, int features, int[] target) {
        int count = 0;
        for (int i = 0; i < features; i++) {
            float share = shares[i];
            if (!(share > 0)) continue;
            int at = count < target.length ? count++ : target.length;
            while (at > 0 && shares[target[at - 1]] < share) {
                if (at < target.length) target[at] = target[at - 1];
                at--;
            }
            if (at < target.length) target[at] = i;
        }
        return count;
    }
}
