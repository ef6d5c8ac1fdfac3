package io.tidemark.judge.incident;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One incident, live: its members and where it stands. Not safe for several threads. */
public final class Incident {
    /** Series that an incident takes; the next one begins another. */
    public static final int MEMBERS_MAX = 1000;
    /** Series that its record tells of, the most severe first. */
    public static final int SHOWN_MAX = 20;
    /** Openings reach at most so many times the declared distance from the first one. */
    private static final int SPREAD = 12;
    /** Of the series of an incident, so many must have an alert's feature for it to be alike. */
    private static final double LIKE_SHARE = 0.2;
    /** Of the distance, where nothing but the time says that an alert belongs. */
    private static final double UNLIKE_SHARE = 0.25;

    final IncidentHead head;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private int open;

    Incident(IncidentHead head) {
        this.head = head;
    }

    /** Restores one from its parts. */
    Incident(IncidentHead head, Collection<Member> members) {
        this(head);
        members.forEach(this::put);
    }

    private void put(Member member) {
        Member before = members.put(member.key(), member);
        if (before != null && before.isOpen()) open--;
        if (member.isOpen()) open++;
    }

    /** Takes a member's alert; the member as it then is. */
    Member take(Member member, long timeMs, long nowMs) {
        Member before = members.get(member.key());
        Member after = before == null ? member : before.and(member);
        put(after);
        if (before == null) { // a series that comes back widens nothing
            head.sinceMs = Math.min(head.sinceMs, member.sinceMs());
            head.newestOnsetMs = Math.max(head.newestOnsetMs, member.sinceMs());
        }
        head.timeMs = Math.max(head.timeMs, timeMs);
        head.changedMs = nowMs;
        head.quietSinceMs = open == 0 ? nowMs : IncidentHead.NOT_QUIET;
        head.isUntold = true;
        return after;
    }

    @Nullable
    Member member(String key) {
        return members.get(key);
    }

    /**
     * How far in event time an opening is from those of the incident; negative where it does not belong.
     *
     * <p>A series that comes back while the incident lasts belongs to it. Another one belongs if it opens within the declared time of an opening, or within a quarter
     * of it where fewer than a fifth of the incident's series have the same feature.
     */
    long distanceMs(Member member, IncidentSpec spec) {
        boolean lasts =
                open > 0 || member.sinceMs() <= head.timeMs + spec.times().withinMs();
        if (lasts && members.containsKey(member.key())) return 0;
        if (members.size() >= MEMBERS_MAX) return -1;
        long distance = Math.max(0, Math.max(head.sinceMs - member.sinceMs(), member.sinceMs() - head.newestOnsetMs));
        long spread = Math.max(head.newestOnsetMs, member.sinceMs()) - Math.min(head.sinceMs, member.sinceMs());
        long like = members.values().stream()
                .filter(m -> m.peak().top().name().equals(member.peak().top().name()))
                .count();
        double within = like >= LIKE_SHARE * members.size()
                ? spec.times().withinMs()
                : spec.times().withinMs() * UNLIKE_SHARE;
        return distance <= within && spread <= SPREAD * spec.times().withinMs() ? distance : -1;
    }

    /** The same for good; reprocessing the same alerts gives the same. */
    public String id() {
        return head.id;
    }

    public String group() {
        return head.group;
    }

    public IncidentState state() {
        return head.state;
    }

    public IncidentHead head() {
        return head;
    }

    public int seriesCount() {
        return members.size();
    }

    public int openCount() {
        return open;
    }

    public Collection<Member> members() {
        return members.values();
    }

    /** Orders of magnitude above the budget: the most severe series', and one more for each ten-fold of series. */
    public double excess() {
        double most = members.values().stream()
                .mapToDouble(member -> member.peak().excess())
                .max()
                .orElse(0);
        return most + Math.log10(Math.max(1, members.size()));
    }

    public FirstMover first() {
        return FirstMover.of(List.copyOf(members.values()));
    }

    /** The most severe series, at most {@value #SHOWN_MAX}; the first mover is among them. */
    public List<Member> shown() {
        List<Member> shown = new ArrayList<>(members.values());
        shown.sort(Comparator.comparingDouble((Member member) -> member.peak().excess())
                .reversed()
                .thenComparing(Member::sinceMs)
                .thenComparing(Member::key));
        if (shown.size() <= SHOWN_MAX) return shown;
        Member first = first().member();
        List<Member> most = new ArrayList<>(shown.subList(0, SHOWN_MAX));
        if (!most.contains(first)) most.set(SHOWN_MAX - 1, first);
        return most;
    }
}
