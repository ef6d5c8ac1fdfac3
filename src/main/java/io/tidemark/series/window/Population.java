package io.tidemark.series.window;

import io.tidemark.config.StreamSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The series of one stream in one task that hold state, and which of them teach.
 *
 * <ol>
 *   <li>Those teach that have the lowest ranks among the series seen lately: a series' rank is a seeded hash of its key, so that those
 *       who teach are a fair sample, stay the same while the series do, and are the same in each run (bottom-k sampling, Cohen 1997).
 *   <li>A new series of a low rank takes the seat of the highest. A series that has been quiet gives its seat back, and the next one
 *       that comes has it until one of a lower rank does.
 *   <li>A series that has been silent for longer than a declared time expires: its state and its place are given back.
 *   <li>Time is event time, of all series together, and never ahead of the wall clock, so that one wrong clock ends nobody: and a series that
 *       an event came of since the last review stays.
 * </ol>
 *
 * <p>Bounded by {@code seriesMax} members; an event costs O(1), or O(log teachers) where it changes a seat, a review O(members). One thread.
 */
public final class Population {
    /** A declared silence is looked at so many times before it is over. */
    private static final int REVIEWS = 8;

    private static final Duration QUIET_LEAST = Duration.ofHours(1);
    private static final int QUIET_STEPS = 64;

    private static final Comparator<Member> BY_RANK =
            Comparator.<Member>comparingLong(m -> m.rank).thenComparing(m -> m.series);

    private final int seriesMax;
    private final int teachersMax;
    private final long quietMs;
    private final long expireMs;
    private final long seed;
    private final Map<String, Member> members = new HashMap<>();
    private final TreeSet<Member> teachers = new TreeSet<>(BY_RANK);
    private long newestMs = Long.MIN_VALUE;
    private long reviewedMs = Long.MIN_VALUE;

    /** One series that holds state. */
    public static final class Member {
        private final String series;
        private final long rank;
        private long seenMs;
        private boolean teaches;
        /** An event came since the last review. */
        private boolean seen;

        private Member(String series, long rank, long seenMs) {
            this.series = series;
            this.rank = rank;
            this.seenMs = seenMs;
        }

        /** The series key. */
        public String series() {
            return series;
        }

        /** Whether its rows go to the training topic. */
        public boolean teaches() {
            return teaches;
        }
    }

    /** Hears what a review finds. */
    public interface Review {
        /** A series that was quiet teaches no more. */
        void retired(Member member);

        /** A series holds state no more; it is no member any longer. */
        void expired(Member member);
    }

    /**
     * @param seriesMax members at most; at least 1
     * @param teachersMax members that teach at most; at least 0
     * @param quietMs how long a teacher may be silent while others wait for its seat; at least 1
     * @param expireMs how long a member may be silent; at least 1
     * @param seed of the ranks
     */
    public Population(int seriesMax, int teachersMax, long quietMs, long expireMs, long seed) {
        if (seriesMax < 1) throw new IllegalArgumentException("series must be at least 1, but were " + seriesMax);
        if (quietMs < 1 || expireMs < 1) {
            throw new IllegalArgumentException(
                    "silences must be at least 1 ms, but were " + quietMs + " and " + expireMs + " ms");
        }
        this.seriesMax = seriesMax;
        this.teachersMax = teachersMax;
        this.quietMs = quietMs;
        this.expireMs = expireMs;
        this.seed = seed;
    }

    /**
     * The series of a stream in one of the tasks that share its limits: who has been silent for an hour, and for {@value #QUIET_STEPS} steps of
     * its grid, is quiet.
     */
    public static Population of(StreamSpec stream, int tasks) {
        long expireMs = stream.limits().expire().toMillis();
        long quietMs =
                Math.max(QUIET_LEAST.toMillis(), QUIET_STEPS * stream.grid().stepMs());
        return new Population(
                share(stream.limits().series(), tasks),
                share(stream.learning().series(), tasks),
                Math.min(quietMs, expireMs),
                expireMs,
                stream.learning().seed());
    }

    private static int share(int all, int tasks) {
        return (all + tasks - 1) / tasks;
    }

    /** Takes a stored series up again, as it was. */
    public void restore(String series, long seenMs, boolean teaches) {
        Member member = new Member(series, rank(series), seenMs);
        members.put(series, member);
        newestMs = Math.max(newestMs, seenMs);
        reviewedMs = newestMs;
        if (teaches) seat(member);
    }

    /** The member of this series; null when it holds no state. */
    public @Nullable Member find(String series) {
        return members.get(series);
    }

    /** Whether a further series has no place. */
    public boolean isFull() {
        return members.size() >= seriesMax;
    }

    /** A series of which nothing was known. */
    public Member begin(String series, boolean teaches) {
        Member member = new Member(series, rank(series), Long.MIN_VALUE);
        members.put(series, member);
        if (teaches) seat(member);
        return member;
    }

    /**
     * Notes an event of a member, which may give it a seat.
     *
     * @param timeMs event time; epoch milliseconds
     * @param wallMs wall time; epoch milliseconds
     * @return who lost a seat to it; null where nobody did
     */
    public @Nullable Member seen(Member member, long timeMs, long wallMs) {
        long time = Math.min(timeMs, wallMs);
        member.seen = true;
        member.seenMs = Math.max(member.seenMs, time);
        newestMs = Math.max(newestMs, time);
        if (reviewedMs == Long.MIN_VALUE) reviewedMs = time;
        if (member.teaches || teachersMax == 0) return null;
        if (teachers.size() < teachersMax) {
            seat(member);
            return null;
        }
        Member last = teachers.last();
        if (BY_RANK.compare(member, last) > 0) return null;
        unseat(last);
        seat(member);
        return last;
    }

    /** Notes an event of a series, which becomes a member where it is none; see {@link #seen(Member, long, long)}. */
    public void seen(String series, long timeMs, long wallMs) {
        Member member = members.get(series);
        seen(member == null ? begin(series, false) : member, timeMs, wallMs);
    }

    /** Whether so much time has passed that {@link #review} may find something. */
    public boolean isReviewDue() {
        return newestMs - reviewedMs >= Math.max(1, Math.min(quietMs, expireMs) / REVIEWS);
    }

    /** Looks who has been silent for too long. */
    public void review(Review review) {
        reviewedMs = newestMs;
        Collection<Member> all = List.copyOf(members.values());
        for (Member member : all) {
            if (member.seenMs == Long.MIN_VALUE) member.seenMs = newestMs;
            long silentMs = newestMs - member.seenMs;
            boolean seen = member.seen;
            member.seen = false;
            if (seen) continue;
            if (silentMs > expireMs) {
                unseat(member);
                members.remove(member.series);
                review.expired(member);
            } else if (member.teaches && silentMs > quietMs) {
                unseat(member);
                review.retired(member);
            }
        }
    }

    /** Forgets everything. */
    public void clear() {
        members.clear();
        teachers.clear();
        newestMs = Long.MIN_VALUE;
        reviewedMs = Long.MIN_VALUE;
    }

    /** Members now. */
    public int size() {
        return members.size();
    }

    /** Members that teach now. */
    public int teachers() {
        return teachers.size();
    }

    private void seat(Member member) {
        member.teaches = true;
        teachers.add(member);
    }

    private void unseat(Member member) {
        member.teaches = false;
        teachers.remove(member);
    }

    /** FNV-1a over the seed and the key, mixed (Stafford 2011) so that near keys have far ranks. */
    private long rank(String series) {
        long hash = 0xcbf29ce484222325L ^ seed;
        for (byte b : series.getBytes(StandardCharsets.UTF_8)) hash = (hash ^ (b & 0xFF)) * 0x100000001b3L;
        hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
        return hash ^ (hash >>> 31);
    }
}
