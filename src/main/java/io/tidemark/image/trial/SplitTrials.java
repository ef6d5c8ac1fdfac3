package io.tidemark.image.trial;

import io.tidemark.learn.fit.Fit;
import io.tidemark.learn.pixels.ImageShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Good images and defects, tried over several seeded splits of the good ones by groups; see {@link GroupedSplit}. Every defect
 * is in every test part.
 *
 * @param good the kind that is good
 * @param gap the largest step of the numbers within a group
 * @param correlation of thumbnails above which two good images are of one group; in (0, 1]
 * @param share of the good images to learn from; in (0, 1)
 * @param splits seeded 1, 2, …; in [1, 100]
 */
public record SplitTrials(String good, long gap, double correlation, double share, int splits) {
    public SplitTrials {
        if (!(correlation > 0 && correlation <= 1)) {
            throw new IllegalArgumentException("group-correlation must be in (0, 1], but was " + correlation);
        }
        if (!(share > 0 && share < 1)) {
            throw new IllegalArgumentException("share must be in (0, 1), but was " + share);
        }
        if (splits < 1 || splits > 100) {
            throw new IllegalArgumentException("splits must be in [1, 100], but were " + splits);
        }
    }

    /** What is known of the groups before anything is taught. */
    public record Groups(List<LabelledImage> good, List<LabelledImage> defects, int[] groups) {
        /** How many there are. */
        public int count() {
            return Arrays.stream(groups).max().orElse(-1) + 1;
        }
    }

    /** @throws IllegalArgumentException when there are no good images, or no defects */
    public Groups groups(ImageShape shape, List<LabelledImage> images) {
        List<LabelledImage> goods =
                images.stream().filter(image -> image.kind().equals(good)).toList();
        List<LabelledImage> defects =
                images.stream().filter(image -> !image.kind().equals(good)).toList();
        if (goods.isEmpty() || defects.isEmpty()) {
            throw new IllegalArgumentException(
                    "there must be good images and others, but " + goods.size() + " are of kind "
                            + good + " and " + defects.size() + " of "
                            + images.stream()
                                    .map(LabelledImage::kind)
                                    .distinct()
                                    .sorted()
                                    .toList());
        }
        List<float[]> pixels = goods.stream().map(LabelledImage::pixels).toList();
        long[] numbers = goods.stream().mapToLong(LabelledImage::number).toArray();
        return new Groups(goods, defects, GroupedSplit.groups(shape, pixels, numbers, gap, correlation));
    }

    /** One trial for each split. @param setup by the split's seed; @param each hears of a trial when it is done */
    public List<DetectorEvaluation> run(
            Groups known,
            LongFunction<DetectorEvaluation.Setup> setup,
            Fit.Listener listener,
            Consumer<DetectorEvaluation> each) {
        List<DetectorEvaluation> trials = new ArrayList<>();
        for (int split = 1; split <= splits; split++) {
            GroupedSplit parts = GroupedSplit.of(known.groups, share, split);
            List<float[]> train = new ArrayList<>();
            for (int i : parts.train()) train.add(known.good.get(i).pixels());
            List<LabelledImage> test = new ArrayList<>();
            for (int i : parts.test()) test.add(known.good.get(i));
            test.addAll(known.defects);
            DetectorEvaluation trial =
                    DetectorEvaluation.run("split " + split, setup.apply(split), train, test, good, true, listener);
            trials.add(trial);
            each.accept(trial);
        }
        return trials;
    }
}
