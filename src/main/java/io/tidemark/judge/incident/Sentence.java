package io.tidemark.judge.incident;

/** An incident in one sentence. */
final class Sentence {
    private Sentence() {}

    /**
     * Such as {@code disk_io of host-17 is 8.2, expected 0.3 to 1.1: 7.1 above what the steps before let expect; 92 % of the surprise; 3 other series
     * followed within 40 s}.
     */
    static String of(Incident incident, FirstMover first) {
        Member member = first.member();
        boolean over = !member.isOpen() || incident.state().isOver();
        String strange = member.series() + (over ? " was strange" : " is strange");
        StringBuilder text = new StringBuilder(
                member.peak().summary().isEmpty() ? strange : member.peak().summary());
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

    static String duration(long ms) {
        if (ms < 1000) return ms + " ms";
        long s = Math.round(ms / 1000.0);
        if (s < 120) return s + " s";
        long minutes = Math.round(s / 60.0);
        return minutes < 120 ? minutes + " min" : Math.round(minutes / 60.0) + " h";
    }
}
