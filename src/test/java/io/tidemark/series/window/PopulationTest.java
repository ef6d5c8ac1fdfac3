package io.tidemark.series.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PopulationTest {
    private static final long HOUR = 3_600_000;
    private static final long START = 1_700_000_000_000L;
    private static final long FAR = Long.MAX_VALUE;

    private final List<String> retired = new ArrayList<>();
    private final List<String> expired = new ArrayList<>();
    private final Population.Review review = new Population.Review() {
        @Override
        public void retired(Population.Member member) {
            retired.add(member.series());
        }

        @Override
        public void expired(Population.Member member) {
            expired.add(member.series());
        }
    };

    @Test
    void whoTeachesDependsOnWhoIsThereAndNotOnWhoCameFirst() {
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 300; i++) order.add("pod-" + i);
        Set<String> first = teachers(order, 7);
        Collections.shuffle(order, new Random(1));
        assertThat(teachers(order, 7)).isEqualTo(first).hasSize(20);
        assertThat(teachers(order, 8)).isNotEqualTo(first);
    }

    @Test
    void everySeriesTeachesAsOftenAsAnyOther() {
        int[] times = new int[300];
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 300; i++) order.add("pod-" + i);
        for (int seed = 0; seed < 300; seed++) {
            for (String series : teachers(order, seed)) times[Integer.parseInt(series.substring(4))]++;
        }
        // 20 seats of 300 series over 300 seeds: 20 times each, with a deviation of 4.3
        assertThat(Arrays.stream(times).min().orElseThrow()).isGreaterThan(3);
        assertThat(Arrays.stream(times).max().orElseThrow()).isLessThan(40);
    }

    private static Set<String> teachers(List<String> order, long seed) {
        Population population = new Population(1000, 20, HOUR, 24 * HOUR, seed);
        for (String series : order) population.seen(population.begin(series, false), START, FAR);
        Set<String> teachers = new TreeSet<>();
        for (String series : order) {
            Population.Member member = population.find(series);
            if (member != null && member.teaches()) teachers.add(series);
        }
        return teachers;
    }

    @Test
    void aQuietSeriesGivesItsSeatBackAndASilentOneItsPlace() {
        Population population = new Population(10, 1, HOUR, 24 * HOUR, 1);
        population.seen(population.begin("a", false), START, FAR);
        Population.Member other = population.begin("b", false);
        for (int minute = 0; minute <= 25 * 60; minute += 5) {
            population.seen(other, START + minute * 60_000L, FAR);
            if (population.isReviewDue()) population.review(review);
            if (minute == 55) assertThat(retired).isEmpty();
            if (minute == 23 * 60) assertThat(expired).isEmpty();
        }
        assertThat(expired).containsExactly("a");
        assertThat(population.find("a")).isNull();
        assertThat(population.size()).isEqualTo(1);
        assertThat(population.teachers()).isEqualTo(1);
        assertThat(other.teaches()).isTrue();
    }

    @Test
    void aSeriesOfTheYear2099EndsNoOther() {
        long expire = 30 * 24 * HOUR;
        Population population = new Population(10, 2, HOUR, expire, 1);
        Population.Member good = population.begin("good", false);
        Population.Member wrong = population.begin("wrong", false);
        for (int step = 0; step < 2000; step++) {
            long now = START + step * HOUR;
            population.seen(good, now, now);
            population.seen(wrong, 4_070_908_800_000L + step * HOUR, now);
            if (population.isReviewDue()) population.review(review);
        }
        assertThat(expired).isEmpty();
    }

    @Test
    void oldRowsReadAgainEndNoSeriesThatStillComes() {
        Population population = new Population(10, 2, HOUR, 30 * 24 * HOUR, 1);
        Population.Member old = population.begin("old", false);
        Population.Member young = population.begin("young", false);
        for (int step = 0; step < 2000; step++) {
            population.seen(old, START - 1000 * 24 * HOUR + step * HOUR, FAR);
            population.seen(young, START + step * HOUR, FAR);
            if (population.isReviewDue()) population.review(review);
        }
        assertThat(expired).isEmpty();
        assertThat(retired).isEmpty();
    }

    @Test
    void storedSeriesGoOnAsTheyWere() {
        Population population = new Population(10, 2, HOUR, 24 * HOUR, 1);
        population.restore("a", START, true);
        population.restore("b", START, false);
        population.restore("of-an-older-state", Long.MIN_VALUE, false);
        Population.Member a = population.find("a");
        assertThat(a != null && a.teaches()).isTrue();
        assertThat(population.isReviewDue()).isFalse();
        Population.Member c = population.begin("c", false);
        for (int hours = 0; hours <= 60; hours++) {
            population.seen(c, START + hours * HOUR, FAR);
            if (population.isReviewDue()) population.review(review);
        }
        assertThat(expired).containsExactlyInAnyOrder("a", "b", "of-an-older-state");
    }
}
