package io.tidemark.judge.incident;

import java.util.Locale;

/** An incident in one sentence. */
final class Sentence {
    private Sentence() {}

    /** Such as {@code disk_io of host-17 is 8.2, expected 0.3 to 1.1; 3 other series followed within 40 s}. */
    static String of(Incident incident, FirstMover first) {
        Member member = first.member();
        StringBuilder text = new StringBuilder();
        String verb = member.isOpen() && !incident.state().isOver() ? " is " : " was ";
        if (member.feature().isEmpty()) {
            text.append(member.series()).append(verb).append("strange");
        } else {
            text.append(member.feature()).append(" of ").append(member.series()).append(verb);
            text.append(Double.isFinite(member.value()) ? number(member.value()) : "missing");
            boolean banded = Double.isFinite(member.lower()) && Double.isFinite(member.upper());
            if (banded && member.value() >= member.lower() && member.value() <= member.upper()) {
                text.append(", within ")
                        .append(number(member.lower()))
                        .append(" to ")
                        .append(number(member.upper()));
                text.append(", but ").append(strange(member.kind()));
            } else if (Double.isFinite(member.lower()) && Double.isFinite(member.upper())) {
                text.append(", expected ")
                        .append(number(member.lower()))
                        .append(" to ")
                        .append(number(member.upper()));
            } else if (Double.isFinite(member.expected())) {
                text.append(", expected ").append(number(member.expected()));
            }
        }
        int others = incident.seriesCount() - 1;
        if (others > 0) {
            long last =
                    incident.members().stream().mapToLong(Member::sinceMs).max().orElse(member.sinceMs());
            text.append("; ")
                    .append(others)
                    .append(" other series ")
                    .append(last > member.sinceMs() ? "followed within " : "moved in the same step");
            if (last > member.sinceMs()) text.append(duration(last - member.sinceMs()));
        }
        return text.toString();
    }

    /** Why a value that lies within its band is strange all the same. */
    private static String strange(String kind) {
        return switch (kind) {
            case "level" -> "has moved to another level";
            case "variance" -> "varies more than usual";
            case "stillness" -> "does not move as usual";
            case "range" -> "is outside the range so far";
            case "relation" -> "does not go with the other features";
            case "season" -> "is unusual for the time of day or week";
            case "novelty" -> "is unlike anything before";
            default -> "the stretch before it is unusual";
        };
    }

    /** At most four digits, as people write numbers. */
    static String number(double value) {
        double size = Math.abs(value);
        if (size != 0 && (size < 1e-3 || size >= 1e7)) return String.format(Locale.ROOT, "%.2e", value);
        String text = String.format(Locale.ROOT, size < 10 ? "%.2f" : size < 1000 ? "%.1f" : "%.0f", value);
        return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    }

    static String duration(long ms) {
        if (ms < 1000) return ms + " ms";
        long s = Math.round(ms / 1000.0);
        if (s < 120) return s + " s";
        long minutes = Math.round(s / 60.0);
        return minutes < 120 ? minutes + " min" : Math.round(minutes / 60.0) + " h";
    }
}
