package io.tidemark.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings of which alerts make one incident, and of its severity. */
final class IncidentSettings {
    private static final Settings<StreamSpec> INCIDENTS =
            new Settings<>("incidents", "Which alerts make one incident, and how severe it is.");
    private static final String GROUP_FORM = "[a-z0-9][a-z0-9-]{0,63}";

    static final Setting<StreamSpec, Optional<String>> GROUP = INCIDENTS.add(
            "group",
            SettingType.parsed(
                            IncidentSettings::group,
                            name -> name,
                            "lower-case letters, digits and dashes, at most 64 characters",
                            "\"type\": \"string\"",
                            List.of("plant-1", "b".repeat(64)),
                            List.of("Plant", "-a", "b".repeat(65)))
                    .orWord("none"),
            Optional.empty(),
            s -> s.incidents().group(),
            "Streams that name the same group share their incidents; `none`: the stream is a group of its own.");
    static final Setting<StreamSpec, Duration> WITHIN = INCIDENTS
            .add(
                    "within",
                    SettingType.duration(Duration.ofSeconds(1), Duration.ofDays(1)),
                    Duration.ofMinutes(5),
                    s -> s.incidents().within(),
                    "An alert that opens within this event time of another of the incident belongs to it; at least two grid steps.")
            .common();
    static final Setting<StreamSpec, Duration> SETTLE = INCIDENTS.add(
            "settle",
            SettingType.duration(Duration.ZERO, Duration.ofHours(1)),
            Duration.ofSeconds(10),
            s -> s.incidents().settle(),
            "An incident is pending for this wall time, so that who is told of it is told of all its series at once.");
    static final Setting<StreamSpec, Duration> QUIET = INCIDENTS.add(
            "quiet",
            SettingType.duration(Duration.ZERO, Duration.ofDays(1)),
            Duration.ofMinutes(1),
            s -> s.incidents().quiet(),
            "An incident is resolved once no alert of it has been open for this long.");
    static final Setting<StreamSpec, Duration> EXPIRE_AFTER = INCIDENTS.add(
            "expire-after",
            SettingType.duration(Duration.ofMinutes(1), Duration.ofDays(90)),
            Duration.ofDays(7),
            s -> s.incidents().expireAfter(),
            "An incident that nothing has changed for this wall time is given up.");
    static final Setting<StreamSpec, Double> WARNING = INCIDENTS
            .add(
                    "warning",
                    SettingType.decimal(1, 1e9),
                    10.0,
                    s -> s.incidents().warning(),
                    "So many times rarer than the budget allows is a warning; series that move together multiply.")
            .common();
    static final Setting<StreamSpec, Double> CRITICAL = INCIDENTS
            .add(
                    "critical",
                    SettingType.decimal(1, 1e9),
                    10.0,
                    s -> s.incidents().critical(),
                    "So many times rarer than a warning is critical.")
            .common();

    static final List<Settings<StreamSpec>> ALL = List.of(INCIDENTS);

    private IncidentSettings() {}

    private static String group(String text) {
        if (text.matches(GROUP_FORM)) return text;
        throw new IllegalArgumentException(
                "must be lower-case letters, digits and dashes, at most 64 characters, but was " + text);
    }

    static IncidentRules read(Reading<StreamSpec> file) {
        return new IncidentRules(
                file.get(GROUP),
                file.get(WITHIN),
                file.get(SETTLE),
                file.get(QUIET),
                file.get(EXPIRE_AFTER),
                file.get(WARNING),
                file.get(CRITICAL));
    }
}
