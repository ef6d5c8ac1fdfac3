package io.tidemark.series.event;

/** Rejections told to people: the field, the first characters of what it held, and what was expected. */
final class Detail {
    private static final int TOKEN_CHARS_MAX = 40;

    private Detail() {}

    static String of(RejectReason reason) {
        return switch (reason) {
            case MALFORMED -> "the value is not in the declared format";
            case NO_SERIES -> "the record has no key, which names the series where no series fields are declared";
            default -> "";
        };
    }

    static String of(RejectReason reason, Fields fields, int place) {
        String field = "field " + fields.names.get(place);
        return switch (reason) {
            case WRONG_TYPE -> field + " is " + met(fields, place) + ", but a number was expected";
            case VALUE_OUT_OF_RANGE -> field + " is " + met(fields, place) + ", but at most 1e300 was expected";
            case TIME_UNREADABLE -> field + " is " + met(fields, place) + ", but a time as declared was expected";
            case TOO_FAR_FUTURE -> field + " is " + met(fields, place) + ", further in the future than max-future";
            case UNKNOWN_FEATURE -> field + " is " + met(fields, place) + ", which is no declared feature";
            case NO_SERIES -> field + " is " + met(fields, place) + ", but a part of the series was expected";
            default -> field + " is " + met(fields, place);
        };
    }

    private static String met(Fields fields, int place) {
        return switch (fields.found(place)) {
            case ABSENT -> "missing";
            case NULL -> "null";
            case TEXT -> cut(fields.text(place));
            case NUMBER -> Double.toString(fields.number(place));
            case OTHER -> "a boolean, an object or an array";
        };
    }

    private static String cut(String text) {
        if (text.length() <= TOKEN_CHARS_MAX) return '"' + text + '"';
        return '"' + text.substring(0, TOKEN_CHARS_MAX) + "…\" (" + text.length() + " characters)";
    }
}
