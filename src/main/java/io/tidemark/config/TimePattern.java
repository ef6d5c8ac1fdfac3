package io.tidemark.config;

import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Declared forms of timestamps, in the letters of {@link DateTimeFormatter}, with English names of months and days in any case. */
public final class TimePattern {
    /** Lists of patterns. */
    static final SettingType<List<String>> KIND = new SettingType<>(
            (s, key, fallback) -> {
                List<String> patterns = s.strings(key);
                for (String pattern : patterns) mistake(pattern).ifPresent(why -> s.problem(key, why));
                return patterns;
            },
            SettingType::list,
            patterns -> true,
            "a pattern with year, month and day, or a list of them",
            SettingType.texts().schema(),
            List.of("'dd/MM/yyyy HH:mm:ss'", "['yyyy-MM-dd', \"yyyyMMdd'T'HHmm\"]"),
            List.of("'HH:mm'", "'{'"));

    private TimePattern() {}

    /** Reads text of this form; a day that a month does not have is no date. */
    public static DateTimeFormatter formatter(String pattern) {
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern(withoutEra(pattern))
                .toFormatter(Locale.ENGLISH)
                .withResolverStyle(ResolverStyle.STRICT);
    }

    /** A year of the era stands for nothing without its era: {@code y} is read as {@code u}. */
    private static String withoutEra(String pattern) {
        StringBuilder plain = new StringBuilder(pattern.length());
        boolean quoted = false;
        for (char c : pattern.toCharArray()) {
            if (c == '\'') quoted = !quoted;
            plain.append(!quoted && c == 'y' ? 'u' : c);
        }
        return plain.toString();
    }

    /** Why a pattern cannot be used. */
    static Optional<String> mistake(String pattern) {
        try {
            formatter(pattern);
        } catch (IllegalArgumentException e) {
            return Optional.of(
                    "must be a pattern such as dd/MM/yyyy HH:mm:ss, but was " + pattern + ": " + e.getMessage());
        }
        boolean dated = pattern.matches(".*[yu].*") && pattern.matches(".*[ML].*d.*|.*d.*[ML].*|.*D.*");
        return dated ? Optional.empty() : Optional.of("must have year, month and day, but was " + pattern);
    }
}
