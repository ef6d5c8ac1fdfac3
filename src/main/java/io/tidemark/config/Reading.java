package io.tidemark.config;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A file while it is read by its settings. Every wrong value is noted, and its default stands in, so that one pass finds every
 * mistake.
 *
 * @param <S> what the file is read into
 */
final class Reading<S> {
    private final Map<String, Section> sections = new HashMap<>();
    private final Map<String, String> shorthands;
    private final List<Settings<S>> known;

    /** @param known every section that the file may have */
    Reading(Section top, List<Settings<S>> known) {
        this.known = known;
        sections.put("", top);
        shorthands = known.stream()
                .filter(group -> !group.shorthand().isEmpty())
                .collect(Collectors.toMap(Settings::path, Settings::shorthand));
    }

    /** The value of a setting, or its default. */
    <T> T get(Setting<S, T> setting) {
        return get(setting, setting.fallback());
    }

    /** The value of a setting, or a default that follows from others. */
    <T> T get(Setting<S, T> setting, T fallback) {
        String path = setting.section();
        if (isShort(path)) {
            boolean meant = setting.key().equals(shorthands.get(path));
            return meant ? setting.kind().reader().read(parent(path), last(path), fallback) : fallback;
        }
        Section section = section(path);
        if (setting.isRequired() && !section.has(setting.key())) {
            section.problem(setting.key(), "is missing: " + setting.kind().range());
            return fallback;
        }
        return setting.kind().reader().read(section, setting.key(), fallback);
    }

    /** Whether a setting, or the section that a path names, is in the file. */
    boolean has(String path) {
        return parent(path).has(last(path));
    }

    void problem(Setting<S, ?> setting, String message) {
        problem(setting.path(), message);
    }

    /** Notes a problem at a name of a setting that is a mapping. */
    void problem(Setting<S, ?> setting, String name, String message) {
        section(setting.path()).problem(name, message);
    }

    void problem(String path, String message) {
        if (isShort(parentOf(path))) parent(parentOf(path)).problem(last(parentOf(path)), message);
        else parent(path).problem(last(path), message);
    }

    /** Notes that keys or sections have no meaning in this file. */
    void refuse(List<String> paths, String message) {
        for (String path : paths) if (has(path)) problem(path, message);
    }

    /** Notes keys that no setting has, with the nearest that one has. */
    void finish() {
        Map<String, Set<String>> keys = new HashMap<>();
        keys.put("", new HashSet<>());
        for (Settings<S> group : known) {
            for (String path = group.path(); !path.isEmpty(); path = parentOf(path)) {
                keys.computeIfAbsent(parentOf(path), p -> new HashSet<>()).add(last(path));
            }
            Set<String> here = keys.computeIfAbsent(group.path(), p -> new HashSet<>());
            group.all().forEach(setting -> here.add(setting.key()));
        }
        for (String path : keys.keySet()) {
            if (path.isEmpty() || has(path) && !isShort(path)) section(path).finish(keys);
        }
    }

    private boolean isShort(String path) {
        if (!shorthands.containsKey(path) || !has(path)) return false;
        Section parent = parent(path);
        return !parent.isMapping(last(path)) && !parent.isEmpty(last(path));
    }

    private Section section(String path) {
        Section found = sections.get(path);
        if (found == null) {
            found = section(parentOf(path)).section(last(path));
            sections.put(path, found);
        }
        return found;
    }

    private Section parent(String path) {
        return section(parentOf(path));
    }

    private static String parentOf(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('.')));
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }
}
