package io.tidemark.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The settings of one section of a file, in the order in which they are shown. A class that defines settings adds each to one of
 * these as it is made.
 *
 * @param <S> what a file is read into
 */
public final class Settings<S> {
    private final String path;
    private final String about;
    private final List<Setting<S, ?>> all = new ArrayList<>();
    private String shorthand = "";

    /**
     * @param path of the section; empty for the top of the file
     * @param about one sentence; empty when the section needs none
     */
    Settings(String path, String about) {
        this.path = path;
        this.about = about;
    }

    /** A section that may be written as the plain value of one of its keys. */
    Settings<S> shorthand(String key) {
        shorthand = key;
        return this;
    }

    /** Defines a setting. */
    <T> Setting<S, T> add(String key, SettingType<T> kind, T fallback, Function<S, T> value, String about) {
        return addWhere(key, kind, fallback, value.andThen(Optional::of), about);
    }

    /** Defines a setting that not every subject has. */
    <T> Setting<S, T> addWhere(
            String key, SettingType<T> kind, T fallback, Function<S, Optional<T>> value, String about) {
        Setting<S, T> setting = new Setting<>(path.isEmpty() ? key : path + "." + key, kind, fallback, value, about);
        all.add(setting);
        return setting;
    }

    public String path() {
        return path;
    }

    public String about() {
        return about;
    }

    /** The key whose plain value may stand for the section; empty when none may. */
    public String shorthand() {
        return shorthand;
    }

    public List<Setting<S, ?>> all() {
        return Collections.unmodifiableList(all);
    }
}
