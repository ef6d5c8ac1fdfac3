package io.tidemark.series.event;

import com.fasterxml.jackson.core.io.NumberInput;
import io.tidemark.config.InputSpec;
import java.util.Locale;

/**
 * Numbers as texts: decimal ones only, without the suffixes and hexadecimal forms that Java knows, with the decimal mark and the mark
 * between thousands that the input declares.
 */
public final class Numbers {
    private static final int LENGTH_MAX = 64;

    /** U+2212, as text processors write a minus. */
    private static final char MINUS_SIGN = '\u2212';

    private final boolean plain;
    private final char decimal;
    private final String thousands;
    private final boolean blanks;

    public Numbers(InputSpec.Csv csv) {
        plain = csv.plainNumbers();
        decimal = csv.decimal();
        thousands = csv.thousands();
        blanks = thousands.equals(" ");
    }

    /** Programs write blanks between thousands as no-break and narrow ones too. */
    private static String withPlainBlanks(String text) {
        return text.replace('\u00a0', ' ').replace('\u202f', ' ').replace('\u2009', ' ');
    }

    /** The number, infinite when it is too large for a double; NaN when the text is no number as declared. */
    public double read(String text) {
        return plain ? parse(text) : parse(plainly(blanks ? withPlainBlanks(text) : text));
    }

    /** The text with a decimal point and without marks between thousands; empty where those do not stand between groups of three. */
    private String plainly(String text) {
        int mark = text.indexOf(decimal);
        if (decimal != '.' && text.indexOf('.') >= 0 && !thousands.equals(".")) return "";
        String whole = mark < 0 ? text : text.substring(0, mark);
        String fraction = mark < 0 ? "" : "." + text.substring(mark + 1);
        if (thousands.isEmpty() || whole.indexOf(thousands.charAt(0)) < 0) return whole + fraction;
        int groups = 0;
        int digits = 0;
        StringBuilder joined = new StringBuilder(whole.length());
        for (int i = 0; i < whole.length(); i++) {
            char c = whole.charAt(i);
            if (c == thousands.charAt(0)) {
                if (groups == 0 ? digits < 1 || digits > 3 : digits != 3) return "";
                groups++;
                digits = 0;
            } else {
                if (c >= '0' && c <= '9') digits++;
                joined.append(c);
            }
        }
        return digits == 3 ? joined + fraction : "";
    }

    /** The number that is written with a decimal point; see {@link #read}. */
    static double parse(String text) {
        int n = text.length();
        if (n == 0 || n > LENGTH_MAX) return Double.NaN;
        if (text.charAt(0) == MINUS_SIGN) return parse('-' + text.substring(1));
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

    /** Whether a text stands for a value that is not there: empty, or a word for not-a-number. */
    public static boolean isMissing(String text) {
        if (text.isEmpty()) return true;
        char last = text.charAt(text.length() - 1);
        if (last >= '0' && last <= '9' || text.length() > 9) return false;
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "nan", "null", "na", "n/a", "none", "-" -> true;
            default -> false;
        };
    }
}
