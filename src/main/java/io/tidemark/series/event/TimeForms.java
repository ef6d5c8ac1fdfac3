package io.tidemark.series.event;

import io.tidemark.config.TimePattern;
import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Forms of times that are not read unless they are declared: what a text that is no time as declared may be. */
final class TimeForms {
    private static final double EXCEL_FROM = 32_874; // 1990-01-01
    private static final double EXCEL_TO = 73_051; // 2100-01-01

    private static final List<String> PATTERNS = List.of(
            "yyyyMMddHHmmss",
            "yyyyMMddHHmm",
            "yyyyMMdd",
            "yyyyMMdd HHmmss",
            "yyyyMMdd HH:mm:ss",
            "yyyy.MM.dd.HH.mm.ss",
            "dd/MM/yyyy HH:mm:ss",
            "dd/MM/yyyy HH:mm",
            "dd/MM/yyyy",
            "dd.MM.yyyy HH:mm:ss",
            "dd.MM.yyyy HH:mm",
            "dd.MM.yyyy",
            "dd-MM-yyyy HH:mm:ss",
            "dd-MM-yyyy HH:mm",
            "dd-MM-yyyy",
            "MM/dd/yyyy HH:mm:ss",
            "MM/dd/yyyy HH:mm",
            "MM/dd/yyyy",
            "MM-dd-yyyy HH:mm:ss",
            "dd/MM/yyyy hh:mm:ss a",
            "dd/MM/yyyy hh:mm a",
            "MM/dd/yyyy hh:mm:ss a",
            "MM/dd/yyyy hh:mm a",
            "M/d/yyyy H:mm:ss",
            "M/d/yyyy H:mm",
            "M/d/yyyy h:mm:ss a",
            "M/d/yyyy h:mm a",
            "yyyy-MM-dd hh:mm:ss a",
            "yyyy-M-d H:mm:ss",
            "yyyy-M-d H:mm",
            "yyyy/M/d H:mm:ss",
            "yyyy/M/d H:mm",
            "yyyy-MM-dd HH",
            "d.M.yyyy H:mm:ss",
            "d.M.yyyy H:mm",
            "dd.MM.yy HH:mm:ss",
            "dd.MM.yy HH:mm",
            "dd/MM/yy HH:mm:ss",
            "dd/MM/yy HH:mm",
            "MM/dd/yy HH:mm:ss",
            "MM/dd/yy HH:mm",
            "dd-MMM-yy HH:mm:ss",
            "dd-MMM-yyyy HH:mm:ss",
            "dd MMM yyyy HH:mm:ss",
            "EEE dd MMM yyyy HH:mm:ss z",
            "EEE MMM dd HH:mm:ss z yyyy");

    private static final Map<String, DateTimeFormatter> FORMATTERS = new LinkedHashMap<>();

    static {
        for (String pattern : PATTERNS) FORMATTERS.put(pattern, TimePattern.formatter(pattern));
    }

    private TimeForms() {}

    /** The patterns that the whole text is a time by; day before month where both are possible. */
    static List<String> patterns(String text) {
        List<String> found = new ArrayList<>();
        for (Map.Entry<String, DateTimeFormatter> form : FORMATTERS.entrySet()) {
            if (isTime(text.strip(), form.getValue())) found.add(form.getKey());
        }
        return found;
    }

    private static boolean isTime(String text, DateTimeFormatter form) {
        ParsePosition at = new ParsePosition(0);
        if (form.parseUnresolved(text, at) == null || at.getIndex() < text.length()) return false;
        try {
            form.parse(text);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** Whether it may be days as spreadsheets count them, of the years 1990 to 2099. */
    static boolean isExcel(String text) {
        double days = Numbers.parse(text.strip());
        return days >= EXCEL_FROM && days < EXCEL_TO;
    }

    /** What to declare for such a time, as the end of a sentence; empty where nothing is known. */
    static String hint(String text) {
        if (isExcel(text)) return "; are they days as spreadsheets count them? declare unit: excel";
        if (text.strip().matches("6[0-9]{17}")) return "; ticks of 100 ns since the year 1 are not read, convert them";
        List<String> patterns = patterns(text);
        if (patterns.isEmpty()) return "";
        String all = String.join("\" or \"", patterns.subList(0, Math.min(2, patterns.size())));
        return "; such as pattern: \"" + all + '"';
    }
}
