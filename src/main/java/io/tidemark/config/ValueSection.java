package io.tidemark.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** How values are read, and which records count: settings of {@code input} and of its features. */
final class ValueSection {
    /** What becomes of a value that is no number. */
    private enum OnBad {
        MISSING,
        REJECT
    }

    /** What becomes of a name that is no declared feature. */
    private enum Unknown {
        REJECT,
        IGNORE
    }

    private enum SameTime {
        AGGREGATE,
        SEQUENCE,
        REJECT
    }

    private ValueSection() {}

    /** What holds for every feature that does not say otherwise. */
    static InputSpec.Values shared(Section input, Section gaps) {
        return values(input, filling(gaps, "fill", true), InputSpec.Values.PLAIN);
    }

    /** What one feature says, on top of what holds for all. */
    static InputSpec.Values of(Section feature, InputSpec.Values shared) {
        Optional<GridSpec.Filling> own = filling(feature, "fill", false);
        return values(feature, own.isPresent() ? own : shared.fill(), shared);
    }

    private static InputSpec.Values values(Section s, Optional<GridSpec.Filling> fill, InputSpec.Values shared) {
        List<String> missing = new ArrayList<>(shared.missing());
        missing.addAll(s.strings("missing"));
        OnBad onBad = s.oneOf("on-bad", OnBad.class, shared.rejectsBad() ? OnBad.REJECT : OnBad.MISSING);
        InputSpec.Derive derive = s.oneOf("derive", InputSpec.Derive.class, shared.derive());
        return new InputSpec.Values(missing, onBad == OnBad.REJECT, derive, fill);
    }

    /** @param valuesOnly whether ways of filling that are no value are read elsewhere */
    private static Optional<GridSpec.Filling> filling(Section s, String key, boolean valuesOnly) {
        String text = s.string(key, "");
        if (text.isEmpty()) return Optional.empty();
        if (text.equals("zero")) return Optional.of(new GridSpec.Filling(GridSpec.Fill.ZERO, 0));
        if (text.matches("[-+]?[0-9.]+([eE][-+]?[0-9]+)?")) {
            try {
                double value = Double.parseDouble(text);
                if (Double.isFinite(value)) return Optional.of(new GridSpec.Filling(GridSpec.Fill.VALUE, value));
            } catch (NumberFormatException e) {
                // told below
            }
        }
        for (GridSpec.Fill fill : List.of(GridSpec.Fill.PREVIOUS, GridSpec.Fill.LINEAR, GridSpec.Fill.NONE)) {
            if (text.equals(fill.name().toLowerCase(java.util.Locale.ROOT))) {
                return valuesOnly ? Optional.empty() : Optional.of(new GridSpec.Filling(fill, 0));
            }
        }
        s.problem(key, "must be one of previous, linear, none, zero, or a number, but was " + text);
        return Optional.empty();
    }

    static InputSpec.LongForm longForm(Section form) {
        InputSpec.LongForm read = new InputSpec.LongForm(
                form.required("name"),
                form.required("value"),
                form.oneOf("unknown", Unknown.class, Unknown.REJECT) == Unknown.IGNORE);
        form.finish();
        return read;
    }

    /** @param top where {@code same-time} stands */
    static InputSpec.Choice choice(Section input, Section top) {
        List<InputSpec.Condition> where = new ArrayList<>();
        if (input.has("where")) {
            Section conditions = input.section("where");
            for (String field : new TreeSet<>(conditions.names())) {
                where.add(new InputSpec.Condition(field, conditions.strings(field)));
            }
        }
        Optional<String> records = input.has("records") ? Optional.of(input.string("records", "")) : Optional.empty();
        boolean steps = top.string("step", "event").equals("event");
        SameTime sameTime = top.oneOf("same-time", SameTime.class, steps ? SameTime.SEQUENCE : SameTime.AGGREGATE);
        if (steps && sameTime == SameTime.AGGREGATE) {
            top.problem("same-time", "aggregate needs a step of some length, such as step: 1s");
        }
        return new InputSpec.Choice(
                where, records, sameTime == SameTime.REJECT ? InputSpec.SameTime.REJECT : InputSpec.SameTime.KEEP);
    }
}
