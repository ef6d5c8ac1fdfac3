package io.tidemark.judge.outcome;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.util.Arrays;

/**
 * A growable buffer of UTF-8 JSON text, reused from record to record by one thread.
 *
 * <p>Commas place themselves: every key and every element asks for one, and an opening bracket takes the next one away. Numbers that are
 * not finite are {@code null}.
 */
final class JsonBuffer {
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    private static final double LOG10_OF_2 = 0.301029995663981195;
    private static final double EXACT_MAX = 9e15;
    private static final double[] POWERS = new double[23];

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) POWERS[i] = POWERS[i - 1] * 10;
    }

    private byte[] bytes;
    private int size;
    private boolean comma;

    JsonBuffer(int initialBytes) {
        bytes = new byte[initialBytes];
    }

    JsonBuffer clear() {
        size = 0;
        comma = false;
        return this;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    private void room(int count) {
        if (size + count > bytes.length) bytes = Arrays.copyOf(bytes, Math.max(size + count, 2 * bytes.length));
    }

    private void put(int ascii) {
        room(1);
        bytes[size++] = (byte) ascii;
    }

    private void put(byte[] source) {
        room(source.length);
        System.arraycopy(source, 0, bytes, size, source.length);
        size += source.length;
    }

    private void separate() {
        if (comma) put(',');
        comma = true;
    }

    /** Begins an object or an array. */
    JsonBuffer open(char bracket) {
        separate();
        put(bracket);
        comma = false;
        return this;
    }

    JsonBuffer close(char bracket) {
        put(bracket);
        comma = true;
        return this;
    }

    /** Writes a key that is encoded already, quotes included; its value comes next. */
    JsonBuffer key(byte[] quoted) {
        separate();
        put(quoted);
        put(':');
        comma = false;
        return this;
    }

    /** Writes text that is JSON already. */
    JsonBuffer raw(byte[] json) {
        separate();
        put(json);
        return this;
    }

    JsonBuffer bool(boolean value) {
        separate();
        room(5);
        for (int i = 0, n = value ? 4 : 5; i < n; i++) bytes[size++] = (byte) (value ? "true" : "false").charAt(i);
        return this;
    }

    JsonBuffer string(String text) {
        separate();
        int length = text.length();
        room(3 * length + 2);
        bytes[size++] = '"';
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7F && c != '"' && c != '\\') {
                bytes[size++] = (byte) c;
            } else {
                i += escape(text, i, c);
                room(3 * (length - i) + 2);
            }
        }
        bytes[size++] = '"';
        return this;
    }

    /** Writes a character that needs more than its own byte; returns how many further characters it used up. */
    private int escape(String text, int index, char c) {
        room(8);
        if (c == '"' || c == '\\') {
            put('\\');
            put(c);
        } else if (c < ' ' || c == 0x7F) {
            put('\\');
            put('u');
            put('0');
            put('0');
            put(HEX[c >> 4]);
            put(HEX[c & 15]);
        } else if (Character.isHighSurrogate(c)
                && index + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(index + 1))) {
            utf8(Character.toCodePoint(c, text.charAt(index + 1)));
            return 1;
        } else {
            utf8(Character.isSurrogate(c) ? 0xFFFD : c);
        }
        return 0;
    }

    private void utf8(int point) {
        if (point < 0x800) {
            put(0xC0 | point >> 6);
        } else {
            if (point < 0x10000) {
                put(0xE0 | point >> 12);
            } else {
                put(0xF0 | point >> 18);
                put(0x80 | point >> 12 & 0x3F);
            }
            put(0x80 | point >> 6 & 0x3F);
        }
        put(0x80 | point & 0x3F);
    }

    JsonBuffer integer(long value) {
        separate();
        digits(value);
        return this;
    }

    private void digits(long value) {
        room(20);
        if (value < 0) {
            if (value == Long.MIN_VALUE) {
                for (byte b : Long.toString(value).getBytes(java.nio.charset.StandardCharsets.US_ASCII)) put(b);
                return;
            }
            bytes[size++] = '-';
            value = -value;
        }
        int length = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) length++;
        padded(value, length);
    }

    /** Writes exactly {@code length} digits of a number that is at least 0. */
    private void padded(long value, int length) {
        room(length);
        for (int i = size + length - 1; i >= size; i--) {
            bytes[i] = (byte) ('0' + value % 10);
            value /= 10;
        }
        size += length;
    }

    /** Writes a number so that reading it gives the same bits. */
    JsonBuffer exact(double value) {
        separate();
        if (!Double.isFinite(value)) {
            put(NULL);
            return this;
        }
        for (int decimals = 0; decimals <= 9; decimals += 3) {
            double scaled = Math.rint(value * POWERS[decimals]);
            if (Math.abs(scaled) < EXACT_MAX && scaled / POWERS[decimals] == value) {
                decimal((long) scaled, decimals, value);
                return this;
            }
        }
        String text = NumberOutput.toString(value, true);
        room(text.length());
        for (int i = 0; i < text.length(); i++) bytes[size++] = (byte) text.charAt(i);
        return this;
    }

    /** Writes a number with so many decimals, less the zeros at its end. */
    JsonBuffer rounded(double value, int decimals) {
        separate();
        double scaled = Math.rint(value * POWERS[decimals]);
        if (!(Math.abs(scaled) < EXACT_MAX)) {
            put(NULL);
        } else {
            decimal((long) scaled, decimals, value);
        }
        return this;
    }

    /** Writes a number with so many significant digits, less the zeros at its end. */
    JsonBuffer significant(double value, int digits) {
        separate();
        if (!Double.isFinite(value)) {
            put(NULL);
            return this;
        }
        if (value == 0) {
            put('0');
            return this;
        }
        int exponent = exponent(Math.abs(value));
        int decimals = digits - 1 - exponent;
        if (decimals >= 0 && decimals < 15) {
            decimal((long) Math.rint(value * POWERS[decimals]), decimals, value);
        } else if (decimals < 0 && exponent < 15) {
            double unit = POWERS[-decimals];
            digits((long) (Math.rint(value / unit) * unit));
        } else {
            double mantissa =
                    exponent < -300 ? value * 1e300 / Math.pow(10, exponent + 300) : value / Math.pow(10, exponent);
            decimal((long) Math.rint(mantissa * POWERS[digits - 1]), digits - 1, value);
            put('e');
            digits(exponent);
        }
        return this;
    }

    /** The decimal exponent of a positive number. */
    private static int exponent(double value) {
        int estimate = (int) Math.floor(Math.getExponent(value) * LOG10_OF_2);
        if (estimate < 1 - POWERS.length || estimate > POWERS.length - 2) return (int) Math.floor(Math.log10(value));
        int above = estimate + 1;
        return (above >= 0 ? value >= POWERS[above] : value * POWERS[-above] >= 1) ? above : estimate;
    }

    private void decimal(long scaled, int decimals, double signed) {
        if (scaled == 0) {
            put('0');
            return;
        }
        room(24);
        if (signed < 0) bytes[size++] = '-';
        long rest = Math.abs(scaled);
        while (decimals > 0 && rest % 10 == 0) {
            rest /= 10;
            decimals--;
        }
        if (decimals == 0) {
            digits(rest);
            return;
        }
        long unit = (long) POWERS[decimals];
        digits(rest / unit);
        put('.');
        padded(rest % unit, decimals);
    }

    /** Writes a time as RFC 3339 in UTC with milliseconds; {@code null} outside the years 0 to 9999. */
    JsonBuffer time(long epochMs) {
        separate();
        long days = Math.floorDiv(epochMs, 86_400_000L);
        int ms = (int) Math.floorMod(epochMs, 86_400_000L);
        // Howard Hinnant, chrono-compatible low-level date algorithms: days to civil
        long shifted = days + 719_468;
        long era = Math.floorDiv(shifted, 146_097L);
        int dayOfEra = (int) (shifted - era * 146_097);
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int monthFromMarch = (5 * dayOfYear + 2) / 153;
        int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
        if (year < 0 || year > 9999) {
            put(NULL);
            return this;
        }
        put('"');
        padded(year, 4);
        put('-');
        padded(month, 2);
        put('-');
        padded(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1, 2);
        put('T');
        padded(ms / 3_600_000, 2);
        put(':');
        padded(ms / 60_000 % 60, 2);
        put(':');
        padded(ms / 1000 % 60, 2);
        put('.');
        padded(ms % 1000, 3);
        put('Z');
        put('"');
        return this;
    }
}
