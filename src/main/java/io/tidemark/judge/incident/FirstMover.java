package io.tidemark.judge.incident;

import java.util.Comparator;
import java.util.List;

/**
 * The series of an incident that moved first.
 *
 * <p>An alert that opened by chance shortly before is not taken for the cause. A return level says how rarely that happens: among {@code n} series
 * an alert of level {@code l} opens by chance {@code n · 10^-l} times in a step. Where that makes more than {@value #CHANCE_MAX} alerts in the
 * time until the next series moved, the next one is looked at. Where none is left, the earliest is the first.
 *
 * @param member the series
 * @param leadMs event time until the next series moved, at least 0; 0 where it is the only one
 * @param confidence in [0, 1]: the lead over the lead and the usual distance between two openings; 0 where several moved in the same step, 1
 *     where it is the only one
 */
public record FirstMover(Member member, long leadMs, double confidence) {
    private static final double CHANCE_MAX = 0.003;

    /** @param members at least one, in any order */
    static FirstMover of(List<Member> members) {
        List<Member> byOnset = members.stream()
                .sorted(Comparator.comparingLong(Member::sinceMs)
                        .thenComparing(Comparator.comparingDouble(
                                        (Member member) -> member.peak().returnLevel())
                                .reversed())
                        .thenComparing(Member::key))
                .toList();
        if (byOnset.size() == 1) return new FirstMover(byOnset.get(0), 0, 1);
        int first = 0;
        while (first < byOnset.size() - 1 && mayBeChance(byOnset, first)) first++;
        if (first == byOnset.size() - 1) first = 0;
        Member member = byOnset.get(first);
        long lead = byOnset.get(first + 1).sinceMs() - member.sinceMs();
        double usual = Math.max(member.stepMs(), usualDistanceMs(byOnset.subList(first + 1, byOnset.size())));
        return new FirstMover(member, lead, lead / (lead + usual));
    }

    private static boolean mayBeChance(List<Member> byOnset, int place) {
        Member member = byOnset.get(place);
        double steps = (byOnset.get(place + 1).sinceMs() - member.sinceMs()) / (double) member.stepMs();
        return steps * byOnset.size() * Math.pow(10, -member.peak().returnLevel()) > CHANCE_MAX;
    }

    private static double usualDistanceMs(List<Member> byOnset) {
        if (byOnset.size() < 2) return 0;
        long all = byOnset.get(byOnset.size() - 1).sinceMs() - byOnset.get(0).sinceMs();
        return all / (double) (byOnset.size() - 1);
    }
}
