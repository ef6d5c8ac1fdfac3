package io.tidemark.config;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The canonical text of what is declared about state. Stored state names a hash of it, so the text of given values is the same for
 * good: names are written out here and follow no renaming of a record, a component or a constant's class.
 */
final class Identity {
    private Identity() {}

    /** What gives windows and scales their meaning. */
    static String of(StreamSpec stream) {
        return features(stream.input().fields().features()) + "|" + grid(stream.grid()) + "|"
                + scaling(stream.scaling())
                + stream.input().image().map(image -> "|" + image(image)).orElse("") + reading(stream.input());
    }

    static String scaling(StreamSpec.Scaling scaling) {
        return "Scaling[floor=" + number(scaling.floor()) + ", clip=" + number(scaling.clip()) + ", memory="
                + scaling.memory() + "]";
    }

    private static String features(List<InputSpec.Feature> features) {
        return features.stream()
                .map(feature -> "Feature[name=" + feature.name() + ", field=" + feature.field()
                        + values(feature.values()) + "]")
                .collect(Collectors.joining(", ", "[", "]"));
    }

    /** Empty for values as they are. */
    private static String values(InputSpec.Values values) {
        if (values.derive() == InputSpec.Derive.NONE && values.fill().isEmpty()) return "";
        return ", derive=" + values.derive().name() + ", fill="
                + perhaps(values.fill().map(fill -> fill.fill().name() + " " + number(fill.value())));
    }

    /** How times and numbers are read; empty as far as it is the usual way. */
    private static String reading(InputSpec input) {
        List<String> patterns = input.fields().time().patterns();
        InputSpec.Csv csv = input.encoding().csv();
        return (patterns.isEmpty() ? "" : "|Patterns[" + String.join("\n", patterns) + "]")
                + (csv.plainNumbers() ? "" : "|Numbers[" + csv.decimal() + csv.thousands() + "]");
    }

    private static String grid(GridSpec grid) {
        return "GridSpec[step=" + perhaps(grid.step().map(Identity::duration)) + ", lateness="
                + duration(grid.lateness()) + ", aggregate=" + grid.aggregate().name() + ", fill="
                + grid.fill().name() + ", fillMax=" + grid.fillMax() + ", maxFuture=" + duration(grid.maxFuture())
                + ", idleClose=" + perhaps(grid.idleClose().map(Identity::duration)) + "]";
    }

    private static String image(ImageSpec image) {
        Optional<String> crop = image.framing()
                .crop()
                .map(c -> "Crop[x=" + c.x() + ", y=" + c.y() + ", width=" + c.width() + ", height=" + c.height() + "]");
        Optional<String> tiles = image.framing()
                .tiles()
                .map(t -> "Tiles[width=" + t.width() + ", height=" + t.height() + ", overlap=" + t.overlap() + "]");
        return image.size().channels() + "x" + image.size().height() + "x"
                + image.size().width() + "|" + perhaps(crop) + "|"
                + image.framing().fit().name() + "|" + perhaps(tiles) + "|"
                + number(image.scaling().mean()) + "|"
                + number(image.scaling().deviation());
    }

    private static String perhaps(Optional<String> value) {
        return value.map(text -> "Optional[" + text + "]").orElse("Optional.empty");
    }

    /** ISO 8601 in hours, minutes and seconds: {@code PT48H}, {@code PT1M30S}, {@code PT0.1S}, {@code PT0S}. */
    private static String duration(Duration duration) {
        if (duration.isZero()) return "PT0S";
        long seconds = duration.toSeconds();
        StringBuilder text = new StringBuilder("PT");
        if (seconds >= 3600) text.append(seconds / 3600).append('H');
        if (seconds % 3600 >= 60) text.append(seconds % 3600 / 60).append('M');
        BigDecimal rest = BigDecimal.valueOf(seconds % 60 * 1_000_000_000L + duration.toNanosPart(), 9);
        if (rest.signum() != 0)
            text.append(rest.stripTrailingZeros().toPlainString()).append('S');
        return text.toString();
    }

    /** The fewest decimal digits that read back to the same double, the same on every Java. */
    static String number(double value) {
        BigDecimal exact = new BigDecimal(value);
        BigDecimal shortest = exact;
        for (int digits = 1; digits <= 17; digits++) {
            shortest = exact.round(new MathContext(digits));
            if (shortest.doubleValue() == value) break;
        }
        return scientific(shortest);
    }

    private static String number(float value) {
        BigDecimal exact = new BigDecimal(value);
        BigDecimal shortest = exact;
        for (int digits = 1; digits <= 9; digits++) {
            shortest = exact.round(new MathContext(digits));
            if (shortest.floatValue() == value) break;
        }
        return scientific(shortest);
    }

    /** Plain with a decimal point from 0.001 up to 10,000,000, else with an exponent: {@code 12.0}, {@code 1.5E-6}. */
    private static String scientific(BigDecimal value) {
        if (value.signum() == 0) return "0.0";
        BigDecimal digits = value.stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        boolean plain = exponent >= -3 && exponent < 7;
        BigDecimal shown = plain ? digits : digits.movePointLeft(exponent);
        String text = shown.toPlainString();
        if (!text.contains(".")) text += ".0";
        return plain ? text : text + "E" + exponent;
    }
}
