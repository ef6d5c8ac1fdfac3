package io.tidemark.config;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One setting of a declared file, defined once: parser, defaults, {@code streams describe}, {@code streams init}, CONFIG.md, the
 * JSON Schema and the tests of every key are made from it.
 *
 * @param <S> what a file is read into
 * @param <T> what the setting's value is read into
 */
public final class Setting<S, T> {
    private final String path;
    private final SettingType<T> kind;
    private final T fallback;
    private final String fallbackText;
    private final Function<S, Optional<T>> value;
    private final String about;
    private boolean required;
    private boolean common;
    private @Nullable Function<S, T> derived;

    Setting(String path, SettingType<T> kind, T fallback, Function<S, Optional<T>> value, String about) {
        this.path = path;
        this.kind = kind;
        this.fallback = fallback;
        this.fallbackText = kind.writer().apply(fallback);
        this.value = value;
        this.about = about;
    }

    /** It has no default: a file must have it wherever its section applies. */
    Setting<S, T> required() {
        required = true;
        return this;
    }

    /** A first file of {@code streams init} shows it. */
    Setting<S, T> common() {
        common = true;
        return this;
    }

    /** Its default follows from other settings; {@link #about} says how. */
    Setting<S, T> derived(Function<S, T> from) {
        derived = from;
        return this;
    }

    /** Section and key, joined by dots: {@code verdict.close-after}. */
    public String path() {
        return path;
    }

    /** The section, empty for the top of the file. */
    public String section() {
        return path.substring(0, Math.max(0, path.lastIndexOf('.')));
    }

    /** The last part of the path. */
    public String key() {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    public SettingType<T> kind() {
        return kind;
    }

    /** The default; of a setting without one, a value that stands in where a file lacks it. */
    public T fallback() {
        return fallback;
    }

    public boolean isRequired() {
        return required;
    }

    public boolean isCommon() {
        return common;
    }

    public boolean isDerived() {
        return derived != null;
    }

    /** One sentence. */
    public String about() {
        return about;
    }

    /** The default as YAML; empty when there is none or it depends on other settings. */
    public Optional<String> defaultText() {
        return required || derived != null ? Optional.empty() : Optional.of(fallbackText);
    }

    /** A value as YAML to start from: the default, or what stands in for one. */
    String exampleText() {
        return required ? kind.inside().get(0) : fallbackText;
    }

    /** What a subject has; empty where the setting does not apply to it. */
    public Optional<T> of(S subject) {
        return value.apply(subject);
    }

    /** The value as YAML; empty where the setting does not apply. */
    public Optional<String> textOf(S subject) {
        return of(subject).map(kind.writer());
    }

    /** Whether a subject has the value that a file without the key gives. */
    public boolean isDefault(S subject) {
        if (required) return false;
        T usual = derived == null ? fallback : derived.apply(subject);
        return of(subject).map(usual::equals).orElse(true);
    }

    /**
     * Checks a value.
     *
     * @throws IllegalArgumentException naming setting, range and value when it is out of range
     */
    public void require(T given) {
        kind.require(path, given);
    }

    @Override
    public String toString() {
        return path;
    }
}
