package io.tidemark.config;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * Stretches of time that begin as a cron expression says, on the clock of a place.
 *
 * <p>A beginning that the clock skips in spring comes as much later as the clock jumps; one that comes twice in autumn comes once, the first time. A
 * stretch is as long as it is: daylight saving moves its end on the clock.
 *
 * @param cron when one begins: five fields, read on the clock of {@code zone}
 * @param zone of the clock, such as {@code Europe/Berlin}
 * @param lasting how long each is; in [1 minute, {@link #LASTING_MAX}]
 */
public record Recurring(Cron cron, ZoneId zone, Duration lasting) {
    public static final Duration LASTING_MAX = Duration.ofDays(7);

    private static final Duration LASTING_MIN = Duration.ofMinutes(1);

    /** @throws IllegalArgumentException naming what is out of its bounds */
    public Recurring {
        if (lasting.compareTo(LASTING_MIN) < 0 || lasting.compareTo(LASTING_MAX) > 0) {
            throw new IllegalArgumentException("lasting must be in [" + Section.show(LASTING_MIN) + ", "
                    + Section.show(LASTING_MAX) + "], but was " + Section.show(lasting));
        }
    }

    /**
     * Reads the three from text.
     *
     * @param zone a name of the IANA time zone database, or an offset such as {@code +02:00}
     * @throws IllegalArgumentException saying what is wrong
     */
    public static Recurring of(String cron, String zone, Duration lasting) {
        Cron times;
        try {
            times = new Cron(cron);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "cron must be five fields such as '0 2 * * SUN', but was '" + cron + "': " + e.getMessage(), e);
        }
        try {
            return new Recurring(times, ZoneId.of(zone), lasting);
        } catch (java.time.DateTimeException e) {
            throw new IllegalArgumentException("zone must be one such as Europe/Berlin or UTC, but was " + zone, e);
        }
    }

    /** Whether an instant lies in one of the stretches: from its beginning until before its end. */
    public boolean holdsAt(Instant now) {
        Optional<Instant> local =
                cron.atOrBefore(LocalDateTime.ofInstant(now, zone).toInstant(ZoneOffset.UTC));
        // a beginning that the clock has just skipped is still to come
        while (local.isPresent() && onTheClock(local.get()).isAfter(now)) {
            local = cron.atOrBefore(local.get().minusMillis(1));
        }
        return local.isPresent() && now.isBefore(onTheClock(local.get()).plus(lasting));
    }

    /** The beginning of the next stretch after an instant; empty where none comes. */
    public Optional<Instant> nextAfter(Instant now) {
        Instant clock = LocalDateTime.ofInstant(now, zone).toInstant(ZoneOffset.UTC);
        Optional<Instant> local = cron.after(clock);
        while (local.isPresent() && !onTheClock(local.get()).isAfter(now)) local = cron.after(local.get());
        return local.map(this::onTheClock);
    }

    /** The instant at which the clock shows a time, which is given as if in UTC. */
    private Instant onTheClock(Instant local) {
        return LocalDateTime.ofInstant(local, ZoneOffset.UTC).atZone(zone).toInstant();
    }

    @Override
    public String toString() {
        return "'" + cron + "' " + zone + " for " + Section.show(lasting);
    }
}
