package io.tidemark.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * When a series of which nothing comes is stale, which is an alert.
 *
 * @param learnt whether its own rhythm says
 * @param after the silence that is declared; empty where it is learnt, or where no series is ever stale
 */
public record StaleRule(boolean learnt, Optional<Duration> after) {
    /** By the series' own rhythm, where it has one. */
    public static final StaleRule AUTO = new StaleRule(true, Optional.empty());

    public static final StaleRule NONE = new StaleRule(false, Optional.empty());

    private static final Duration LEAST = Duration.ofSeconds(1);

    static final SettingType<StaleRule> KIND = SettingType.parsed(
            StaleRule::parse,
            StaleRule::toString,
            "auto, none or a time of at least 1s, such as 10m",
            "\"type\": \"string\"",
            List.of("auto", "none", "1s", "2h"),
            List.of("often", "0s"));

    static StaleRule parse(String text) {
        if (text.equals("auto")) return AUTO;
        if (text.equals("none")) return NONE;
        Duration after = Section.parseDuration(text).orElseThrow(IllegalArgumentException::new);
        if (after.compareTo(LEAST) < 0 || after.compareTo(GridSettings.YEAR) > 0) throw new IllegalArgumentException();
        return new StaleRule(false, Optional.of(after));
    }

    @Override
    public String toString() {
        return learnt ? "auto" : after.map(Section::show).orElse("none");
    }
}
