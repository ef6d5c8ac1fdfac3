package io.tidemark.role.retrain;

import io.tidemark.learn.fit.ExampleSet;
import io.tidemark.learn.learning.History;
import java.util.Arrays;

/**
 * A history's examples cut by time: what is older trains, what is newer validates, the newest tests. An example that spans a cut
 * belongs to no part, so that no row is in two. Beside it the same history with a single cut, for the training after the choice.
 *
 * @param toMs event time of the last example's last row
 */
record TimeSplit(Choice choice, Published published, long toMs) {

    /**
     * The cuts by which a search and a training choose.
     *
     * @param fromMs event time of the first example's last row
     * @param validationFromMs where the validation part begins
     * @param testFromMs where the test part begins
     */
    record Choice(
            ExampleSet train,
            ExampleSet validation,
            ExampleSet test,
            long fromMs,
            long validationFromMs,
            long testFromMs) {}

    /**
     * The single cut by which what is published is trained and measured.
     *
     * @param whole every example before the holdout
     * @param holdout the newest examples; none where nothing is held out
     * @param holdoutFromMs where the holdout begins
     */
    record Published(ExampleSet whole, ExampleSet holdout, long holdoutFromMs) {}

    /**
     * Cuts by the number of examples, at their times.
     *
     * @param validation share of the examples; in (0, 0.5)
     * @param test share of the examples; in (0, 0.5)
     * @param heldOut share of the examples; in [0, 0.5)
     */
    static TimeSplit of(History.Windows windows, double validation, double test, double heldOut) {
        int size = windows.size();
        if (size == 0) throw new IllegalArgumentException("a history without an example cannot be split");
        int testAt = Math.min(size - 1, size - (int) Math.round(size * test));
        int validationAt = Math.min(testAt, size - (int) Math.round(size * (test + validation)));
        int holdoutAt = size - (int) Math.round(size * heldOut);
        long holdoutFrom = holdoutAt < size ? windows.toMs(holdoutAt) : Long.MAX_VALUE;
        long validationFrom = windows.toMs(validationAt);
        long testFrom = windows.toMs(testAt);
        return new TimeSplit(
                new Choice(
                        within(windows, Long.MIN_VALUE, validationFrom),
                        within(windows, validationFrom, testFrom),
                        within(windows, testFrom, Long.MAX_VALUE),
                        windows.toMs(0),
                        validationFrom,
                        testFrom),
                new Published(
                        within(windows, Long.MIN_VALUE, holdoutFrom),
                        within(windows, holdoutFrom, Long.MAX_VALUE),
                        holdoutFrom),
                windows.toMs(size - 1));
    }

    /** Examples whose rows all lie in [from, to). */
    private static ExampleSet within(History.Windows windows, long from, long to) {
        int[] chosen = new int[windows.size()];
        int count = 0;
        for (int i = 0; i < windows.size(); i++) {
            if (windows.fromMs(i) >= from && windows.toMs(i) < to) chosen[count++] = i;
        }
        return windows.picked(Arrays.copyOf(chosen, count));
    }
}
