package io.tidemark.judge.incident;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.judge.outcome.Alert;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * How often alerts are grouped as they belong, over seeded scenarios of a fleet of 200 hosts with a step of ten seconds: alerts by chance as often as
 * the budget allows, faults that spread, late detection, alerts that come back, and partitions that are read out of order.
 */
final class GroupingTest {
    private static final int SCENARIOS = 200;
    private static final int FLEET = 200;
    private static final long STEP_MS = 10_000;
    private static final long HOUR_MS = 3_600_000;

    /** One scenario: what opens, and what truly began each fault. */
    private static final class Scenario {
        final Random random;
        final List<Alert> alerts = new ArrayList<>();
        final Set<String> taken = new HashSet<>();

        Scenario(long seed) {
            random = new Random(seed);
        }

        /** Log10 of steps: as rare as the budget, and rarer ones as seldom as they are rare. */
        double chanceLevel() {
            return 4 - Math.log10(1 - random.nextDouble());
        }

        void byChance(long fromMs, long toMs) {
            for (long ms = fromMs; ms < toMs; ms += STEP_MS) {
                if (random.nextDouble() >= FLEET * 1e-4) continue;
                String feature = List.of("cpu", "memory", "disk_io", "network").get(random.nextInt(4));
                String host = "host-" + random.nextInt(FLEET);
                if (taken.add(host)) alert(host, feature, ms, ms + 60_000, chanceLevel());
            }
        }

        private void alert(String host, String feature, long sinceMs, long untilMs, double level) {
            long step = Math.floorDiv(sinceMs, STEP_MS) * STEP_MS;
            long end = Math.floorDiv(untilMs, STEP_MS) * STEP_MS;
            alerts.add(Told.open(host, feature, step, level));
            alerts.add(Told.resolved(host, feature, step, Math.max(step + STEP_MS, end), level));
        }

        /** A fault of one host that spreads: the others follow by up to a minute; each is seen up to two steps late. Returns the host. */
        String fault(int hosts, String feature, long beginMs, long lastsMs) {
            String root = "";
            for (int i = 0; i < hosts; i++) {
                String host;
                do host = "host-" + random.nextInt(FLEET);
                while (!taken.add(host));
                if (i == 0) root = host;
                long lag = i == 0 ? 0 : (long) (STEP_MS + 50_000 * random.nextDouble());
                long seen = (long) (STEP_MS * (i == 0 ? random.nextDouble() : 2 * random.nextDouble()));
                double level = 5 + 3 * random.nextDouble();
                long since = beginMs + lag + seen;
                if (random.nextInt(5) == 0) { // it comes back
                    alert(host, feature, since, since + lastsMs / 4, level);
                    alert(host, feature, since + lastsMs / 2, beginMs + lastsMs, level);
                } else {
                    alert(host, feature, since, beginMs + lastsMs + lag, level);
                }
            }
            return root;
        }

        /** The incidents that come of it, as their last records; read in an order that is up to three seconds from that of event time. */
        List<JsonNode> run() {
            TreeMap<Double, Alert> order = new TreeMap<>();
            for (Alert alert : alerts) order.put(alert.timeMs() + 3000 * random.nextDouble(), alert);
            IncidentGroup group = Told.group();
            Told told = new Told();
            order.forEach((ms, alert) -> {
                group.tick(ms.longValue(), told);
                group.alert(alert, Told.SPEC, ms.longValue(), told);
            });
            group.tick(order.lastKey().longValue() + HOUR_MS, told);
            group.tick(order.lastKey().longValue() + 2 * HOUR_MS, told);
            TreeMap<String, JsonNode> last = new TreeMap<>();
            told.records.forEach(r -> last.put(r.get("id").asText(), r));
            return last.values().stream()
                    .sorted(Comparator.comparingInt(r -> -r.get("series_count").asInt()))
                    .toList();
        }
    }

    @Test
    void fiftyHostsThatFailTogetherAreOneIncidentWithTheRightFirstMover() {
        int one = 0;
        int first = 0;
        for (int seed = 0; seed < SCENARIOS; seed++) {
            Scenario scenario = new Scenario(seed);
            long begin = Told.START_MS + HOUR_MS + scenario.random.nextInt((int) HOUR_MS);
            String root = scenario.fault(50, "disk_io", begin, 600_000 + scenario.random.nextInt(1_200_000));
            scenario.byChance(Told.START_MS, Told.START_MS + 3 * HOUR_MS);
            var incidents = scenario.run();
            if (incidents.get(0).get("series_count").asInt() >= 50) one++;
            if (incidents.get(0).at("/first/series").asText().equals(root)) first++;
        }
        System.out.println("of " + SCENARIOS + " faults of 50 hosts " + one + " are one incident; the first mover of "
                + first + " is right");
        assertThat(one).isGreaterThanOrEqualTo(SCENARIOS * 9 / 10);
        assertThat(first).isGreaterThanOrEqualTo(SCENARIOS * 9 / 10);
    }

    @Test
    void twoUnrelatedFaultsStayTwo() {
        int two = 0;
        for (int seed = 0; seed < SCENARIOS; seed++) {
            Scenario scenario = new Scenario(1000 + seed);
            long begin = Told.START_MS + HOUR_MS + scenario.random.nextInt((int) HOUR_MS);
            // while the first lasts: of another feature after three minutes at the least, of the same one after eight
            boolean alike = scenario.random.nextBoolean();
            long later = (alike ? 480_000 : 180_000) + scenario.random.nextInt(600_000);
            int hosts = 3 + scenario.random.nextInt(20);
            int others = 3 + scenario.random.nextInt(20);
            String a = scenario.fault(hosts, "disk_io", begin, 1_800_000);
            String b = scenario.fault(others, alike ? "disk_io" : "memory", begin + later, 1_800_000);
            scenario.byChance(Told.START_MS, Told.START_MS + 3 * HOUR_MS);
            var incidents = scenario.run();
            boolean apart = incidents.stream().noneMatch(i -> holds(i, a) && holds(i, b))
                    && incidents.get(0).get("series_count").asInt() < hosts + others
                    && incidents.get(1).get("series_count").asInt() >= Math.min(hosts, others);
            if (apart) two++;
        }
        System.out.println("of " + SCENARIOS + " pairs of unrelated faults, " + two + " stay two");
        assertThat(two).isGreaterThanOrEqualTo(SCENARIOS * 9 / 10);
    }

    private static boolean holds(JsonNode incident, String host) {
        for (var series : incident.get("series"))
            if (series.get("series").asText().equals(host)) return true;
        return false;
    }
}
