package io.tidemark.judge.similar;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.judge.similar.SimilarWindows.Similar;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The result against one that looks at all pairs; whatever the order. */
class SimilarWindowsProperties {
    private static final int CASES = 300;
    private static final int MOST = 8;

    /** Codes of few values, so that there are ties, of two streams, three series and two versions. */
    private static List<Code> codes(Random random) {
        List<Code> codes = new ArrayList<>();
        for (int i = 0, n = 1 + random.nextInt(200); i < n; i++) {
            long step = random.nextInt(300);
            codes.add(new Code(
                    random.nextInt(10) == 0 ? "other" : "s",
                    new Code.Window("k" + random.nextInt(3), 1000 * step, random.nextInt(20) == 0 ? 2 : 1, step, 8),
                    new Code.Model(random.nextInt(10) == 0 ? "b" : "a", 1 + random.nextInt(2)),
                    new float[] {random.nextInt(12), random.nextInt(12)}));
        }
        return codes;
    }

    /** The nearest that may be taken, again and again. */
    private static List<Similar> slowly(Code asked, List<Code> codes, long apartMs) {
        List<Similar> taken = new ArrayList<>();
        while (taken.size() < MOST) {
            Similar nearest = null;
            for (Code code : codes) {
                boolean wanted = code.stream().equals(asked.stream())
                        && code.model().network().equals(asked.model().network())
                        && code.window().timeMs() < asked.window().timeMs()
                        && areApart(code.window(), asked.window(), apartMs);
                for (Similar other : taken) wanted &= areApart(code.window(), other.window(), apartMs);
                if (!wanted) continue;
                double distance =
                        Math.hypot(code.values()[0] - asked.values()[0], code.values()[1] - asked.values()[1]);
                Similar next = new Similar(distance, code.window(), code.model().version());
                if (nearest == null || isNearer(next, nearest)) nearest = next;
            }
            if (nearest == null) break;
            taken.add(nearest);
        }
        return taken;
    }

    private static boolean areApart(Code.Window one, Code.Window other, long apartMs) {
        if (!one.series().equals(other.series())) return true;
        return !one.overlaps(other) && Math.abs(one.timeMs() - other.timeMs()) >= apartMs;
    }

    private static boolean isNearer(Similar one, Similar other) {
        if (Math.abs(one.distance() - other.distance()) > 1e-9) return one.distance() < other.distance();
        if (one.window().timeMs() != other.window().timeMs())
            return one.window().timeMs() < other.window().timeMs();
        int series = one.window().series().compareTo(other.window().series());
        if (series != 0) return series < 0;
        int generation =
                Integer.compare(one.window().generation(), other.window().generation());
        return generation != 0 ? generation < 0 : one.version() < other.version();
    }

    @Test
    void theNearestWindowsThatLieApartAreFoundInAnyOrder() {
        int found = 0;
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            List<Code> codes = codes(random);
            Code asked = codes.get(random.nextInt(codes.size()));
            long apartMs = random.nextBoolean() ? 0 : 20_000;
            List<Similar> expected = slowly(asked, codes, apartMs);
            Collections.shuffle(codes, random);
            SimilarWindows similar = new SimilarWindows(asked, apartMs, SimilarWindows.KEPT);
            codes.forEach(similar::take);
            assertThat(rounded(similar.nearest(MOST))).as("seed %d", seed).isEqualTo(rounded(expected));
            found += expected.size();
        }
        assertThat(found).as("it is not trivial").isGreaterThan(CASES);
    }

    /** Square roots of whole numbers, whichever way they were taken. */
    private static List<Similar> rounded(List<Similar> all) {
        return all.stream()
                .map(s -> new Similar(Math.rint(s.distance() * 1e6) / 1e6, s.window(), s.version()))
                .toList();
    }

    @Test
    void whatIsHeldIsBoundedAndWithinTheBoundTheNearestAreFound() {
        Code asked = at(1_000_000, 0);
        SimilarWindows similar = new SimilarWindows(asked, 0, 10);
        for (int i = 0; i < 10_000; i++) similar.take(at(8L * i, Math.abs(i - 5000)));
        assertThat(similar.compared()).isEqualTo(10_000);
        assertThat(similar.meanDistance()).isBetween(2499.0, 2501.0);
        assertThat(similar.nearest(3))
                .extracting(s -> s.window().step())
                .containsExactly(8L * 5000, 8L * 4999, 8L * 5001);
        assertThat(similar.nearest(1000)).as("no more than are held").hasSize(10);
    }

    private static Code at(long step, float value) {
        return new Code("s", new Code.Window("k", step, 1, step, 8), new Code.Model("a", 1), new float[] {value});
    }
}
