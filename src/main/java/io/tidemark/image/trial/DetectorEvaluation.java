package io.tidemark.image.trial;

import io.tidemark.image.detect.ImageDetector;
import io.tidemark.image.detect.ImageTeaching;
import io.tidemark.learn.evaluation.Ranking;
import io.tidemark.learn.fit.Fit;
import io.tidemark.learn.pixels.ImageShape;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.network.Network;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What a detector that was taught good images alone makes of labelled ones.
 *
 * @param name of the trial, such as {@code split 1} or a class
 * @param trained good images it was taught, with those held out
 * @param tested images it was asked about
 * @param kinds by kind of defect, {@link #ALL} for all kinds together
 * @param cpuSeconds of the calling thread, to teach and to score
 */
public record DetectorEvaluation(String name, int trained, int tested, Map<String, Areas> kinds, double cpuSeconds) {
    /** The key of all defects together. */
    public static final String ALL = "all";

    /** Images scored together, so that not every map is held at once. */
    private static final int BLOCK = 64;

    /**
     * Areas under ROC curves against the good test images.
     *
     * @param image of the scores of images
     * @param pixel of the maps of all pixels; NaN without masks
     * @param leak of the leak control; about 0.5 when the split does not leak; NaN when it was not run
     */
    public record Areas(double image, double pixel, double leak) {}

    /** What is taught and how. */
    public record Setup(Engine engine, ImageShape shape, Optional<Network> network, ImageTeaching teaching) {}

    /**
     * Teaches a detector and asks it.
     *
     * @param train good images
     * @param test images of the good kind and of others
     * @param good the kind that is good
     * @param leakControl whether to run it; it compares every test image with every image that was taught
     */
    public static DetectorEvaluation run(
            String name,
            Setup setup,
            List<float[]> train,
            List<LabelledImage> test,
            String good,
            boolean leakControl,
            Fit.Listener listener) {
        long start = cpu();
        double[] scores = new double[test.size()];
        Map<String, PixelRanking> pixels = new LinkedHashMap<>();
        for (String kind : kinds(test, good)) pixels.put(kind, new PixelRanking());
        boolean masks = test.stream().anyMatch(image -> image.mask().length > 0);
        try (ImageDetector detector = setup.teaching.teach(setup.engine, setup.shape, setup.network, train, listener)) {
            for (int from = 0; from < scores.length; from += BLOCK) {
                List<LabelledImage> block = test.subList(from, Math.min(scores.length, from + BLOCK));
                List<ImageDetector.Finding> findings = detector.findings(
                        block.stream().map(LabelledImage::pixels).toList());
                for (int i = 0; i < block.size(); i++) {
                    scores[from + i] = findings.get(i).score();
                    if (masks) rankPixels(block.get(i), findings.get(i), good, pixels);
                }
            }
        }
        double[] leak = leakControl ? novelty(setup.shape, train, test) : new double[0];
        Map<String, Areas> areas = new LinkedHashMap<>();
        pixels.forEach((kind, ranking) -> areas.put(
                kind,
                new Areas(
                        area(scores, test, good, kind),
                        masks ? ranking.aucRoc() : Double.NaN,
                        leakControl ? area(leak, test, good, kind) : Double.NaN)));
        return new DetectorEvaluation(name, train.size(), test.size(), areas, (cpu() - start) / 1e9);
    }

    private static double[] novelty(ImageShape shape, List<float[]> train, List<LabelledImage> test) {
        return GroupedSplit.novelty(
                shape, train, test.stream().map(LabelledImage::pixels).toList());
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static List<String> kinds(List<LabelledImage> test, String good) {
        TreeSet<String> defects = new TreeSet<>();
        for (LabelledImage image : test) if (!image.kind().equals(good)) defects.add(image.kind());
        List<String> kinds = new ArrayList<>(List.of(ALL));
        if (defects.size() > 1) kinds.addAll(defects);
        return kinds;
    }

    /** A defect without a mask counts in no pixel figure: where it is defective is not known. */
    private static void rankPixels(
            LabelledImage image, ImageDetector.Finding finding, String good, Map<String, PixelRanking> pixels) {
        boolean isGood = image.kind().equals(good);
        if (!isGood && image.mask().length == 0) return;
        pixels.forEach((kind, ranking) -> {
            if (isGood || kind.equals(ALL) || kind.equals(image.kind())) {
                ranking.add(finding.map().values(), isGood ? new float[0] : image.mask());
            }
        });
    }

    private static double area(double[] scores, List<LabelledImage> test, String good, String kind) {
        List<Integer> asked = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            String own = test.get(i).kind();
            if (own.equals(good) || kind.equals(ALL) || kind.equals(own)) asked.add(i);
        }
        double[] chosen = new double[asked.size()];
        boolean[] defective = new boolean[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = scores[asked.get(i)];
            defective[i] = !test.get(asked.get(i)).kind().equals(good);
        }
        return Ranking.of(chosen, defective).aucRoc();
    }

    /** The mean of some trials' areas, kind by kind; kinds that not all have are left out. */
    public static Map<String, Areas> mean(List<DetectorEvaluation> trials) {
        Map<String, Areas> means = new LinkedHashMap<>();
        for (String kind : trials.get(0).kinds.keySet()) {
            if (!trials.stream().allMatch(trial -> trial.kinds.containsKey(kind))) continue;
            double image = 0;
            double pixel = 0;
            double leak = 0;
            for (DetectorEvaluation trial : trials) {
                Areas areas = Objects.requireNonNull(trial.kinds.get(kind));
                image += areas.image;
                pixel += areas.pixel;
                leak += areas.leak;
            }
            int n = trials.size();
            means.put(kind, new Areas(image / n, pixel / n, leak / n));
        }
        return means;
    }
}
