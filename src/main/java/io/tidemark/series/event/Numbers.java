package io.tidemark.series.event;

import com.fasterxml.jackson.core.io.NumberInput;
import java.util.Locale;

/** Numbers as texts: decimal ones only, without the suffixes and hexadecimal forms that Java knows. */
final class Numbers {
    private static final int LENGTH_MAX = 64;

    private Numbers() {}

    /** The number, infinite when it is too large for a double; NaN when the text is no decimal number. */
    static double parse(String text) {
        int n = text.length();
        if (n == 0 || n > LENGTH_MAX) return Double.NaN;
        boolean digit = false;
        for (int i = 0; i < n; i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') digit = true;
            else if (c != '.' && c != '-' && c != '+' && (!digit || (c != 'e' && c != 'E'))) return Double.NaN;
        }
        if (!digit) return Double.NaN;
        try {
            return NumberInput.parseDouble(text, true);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /** Whether a text stands for a value that is not there: empty, or a word for not-a-number or infinity. */
    static boolean isMissing(String text) {
        if (text.isEmpty()) return true;
        char last = text.charAt(text.length() - 1);
        if (last >= '0' && last <= '9' || text.length() > 9) return false;
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "nan", "null", "na", "n/a", "none", "-", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity" ->
                true;
            default -> false;
        };
    }
}
