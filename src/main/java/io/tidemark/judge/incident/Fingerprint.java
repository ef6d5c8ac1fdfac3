package io.tidemark.judge.incident;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.config.Sha256;
import io.tidemark.judge.outcome.Alert;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the evidence of an incident looks like, as a direction in {@value #LENGTH} dimensions: incidents of one fault point the same way.
 *
 * <p>Each series that the incident's record shows says of its features where they went (above or below the expected band, or inside it), by which
 * kind of evidence, and how far in widths of the band, on a logarithmic scale. A feature counts by its share in the score, a series by how rare its
 * peak is. The series' own name counts little, so that the same fault elsewhere is alike. Each such word is added, with a sign, to the
 * dimension that its hash names (feature hashing, Weinberger et al. 2009).
 *
 * <p>The numbers are whole, in [-127, 127], so that similarity is the same on every machine and after every restore. Immutable.
 */
public final class Fingerprint {
    public static final int LENGTH = 256;

    private static final double DIRECTION = 1;
    private static final double SIZE = 0.5;
    private static final double KIND = 0.5;
    private static final double SERIES = 0.15;
    private static final double SPREAD = 0.25;
    /** A series at its budget counts so much, one of another order of magnitude 1 more. */
    private static final double WEIGHT_LEAST = 0.25;

    private static final double WEIGHT_MOST = 4;
    /** Widths of the band, as a power of two, beyond which all sizes are the same. */
    private static final double SIZE_MOST = 12;

    private final byte[] numbers;
    /** The square of its length. */
    private final long square;

    private Fingerprint(byte[] numbers) {
        this.numbers = numbers;
        square = product(numbers, numbers);
    }

    /** That of an incident as it is now. */
    static Fingerprint of(Incident incident) {
        Map<String, Double> words = new LinkedHashMap<>();
        List<Member> shown = incident.shown();
        double all = 0;
        for (Member member : shown) all += weight(member);
        for (Member member : shown) words(member, weight(member) / all, words);
        scaled("spread", Math.log(incident.seriesCount()) / Math.log(2), SPREAD, words);
        return hashed(words);
    }

    private static double weight(Member member) {
        return Math.min(WEIGHT_MOST, WEIGHT_LEAST + member.peak().excess());
    }

    private static void words(Member member, double weight, Map<String, Double> words) {
        Member.Peak peak = member.peak();
        add("series " + member.key(), weight * SERIES, words);
        feature(member, peak.top(), weight, words);
        for (Alert.Feature feature : peak.others()) feature(member, feature, weight, words);
    }

    private static void feature(Member member, Alert.Feature feature, double weight, Map<String, Double> words) {
        double share = feature.name().isEmpty() ? 1 : Math.min(1, Math.max(0, feature.share()));
        String name = member.stream() + " " + feature.name();
        double width = (feature.upper() - feature.lower()) / 2;
        double away = Math.abs(feature.value() - feature.expected());
        String direction = direction(feature);
        add(name + " " + direction, weight * share * DIRECTION, words);
        add(name + " by " + member.peak().kind(), weight * share * KIND, words);
        if (width > 0 && away < Double.POSITIVE_INFINITY) {
            double size = Math.min(SIZE_MOST, Math.log1p(away / width) / Math.log(2));
            scaled(name + " " + direction + " size", size, weight * share * SIZE, words);
        }
    }

    private static String direction(Alert.Feature feature) {
        if (feature.value() > feature.upper()) return "above";
        if (feature.value() < feature.lower()) return "below";
        return feature.value() >= feature.lower() && feature.value() <= feature.upper() ? "inside" : "unknown";
    }

    /** A place on a scale, shared between its two neighbours, so that near places are alike. */
    private static void scaled(String word, double place, double weight, Map<String, Double> words) {
        double low = Math.floor(place);
        add(word + " " + (int) low, weight * (1 - (place - low)), words);
        add(word + " " + (int) (low + 1), weight * (place - low), words);
    }

    private static void add(String word, double weight, Map<String, Double> words) {
        if (weight > 0) words.merge(word, weight, Double::sum);
    }

    private static Fingerprint hashed(Map<String, Double> words) {
        double[] sums = new double[LENGTH];
        words.forEach((word, weight) -> {
            byte[] hash = Sha256.of(word.getBytes(UTF_8));
            sums[Byte.toUnsignedInt(hash[0])] += hash[1] < 0 ? -weight : weight;
        });
        double most = 0;
        for (double sum : sums) most = Math.max(most, Math.abs(sum));
        byte[] numbers = new byte[LENGTH];
        if (most > 0) for (int i = 0; i < LENGTH; i++) numbers[i] = (byte) Math.rint(127 * sums[i] / most);
        return new Fingerprint(numbers);
    }

    /** The cosine between the two, 0 for those that point apart; in [0, 1]. */
    double similarity(Fingerprint other) {
        long product = product(numbers, other.numbers);
        return product <= 0 ? 0 : Math.min(1, product / Math.sqrt((double) square * other.square));
    }

    private static long product(byte[] one, byte[] other) {
        int sum = 0; // at most 256 * 127 * 127
        for (int i = 0; i < LENGTH; i++) sum += one[i] * other[i];
        return sum;
    }

    /** As the store holds it: {@value #LENGTH} bytes in base64. */
    String encode() {
        return Base64.getEncoder().encodeToString(numbers);
    }

    /** @throws IllegalArgumentException when it is none */
    static Fingerprint decode(String text) {
        byte[] numbers = Base64.getDecoder().decode(text);
        if (numbers.length != LENGTH) throw new IllegalArgumentException("a fingerprint has " + LENGTH + " bytes");
        return new Fingerprint(numbers);
    }
}
