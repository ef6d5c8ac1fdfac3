package io.tidemark.judge.incident;

import static io.tidemark.judge.incident.Told.START_MS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.judge.evidence.EvidenceKind;
import io.tidemark.judge.outcome.Alert;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Incidents of one fault point the same way, of another fault another way. */
final class FingerprintTest {
    private static Fingerprint of(List<Alert> alerts) {
        IncidentGroup group = Told.group();
        for (Alert alert : alerts) group.alert(alert, Told.SPEC, START_MS, new Told());
        return Fingerprint.of(group.incidents().get(0));
    }

    private static Fingerprint of(Alert... alerts) {
        return of(List.of(alerts));
    }

    private static Alert disk(String host, double value, EvidenceKind kind) {
        List<Alert.Feature> features = List.of(
                new Alert.Feature("disk_io", 0.8, value, 1, 0.5, 1.5), new Alert.Feature("load", 0.2, 3, 2, 1.5, 2.5));
        return new Alert(
                "hosts/" + host + "@2026-01-01T00:00:00.000Z",
                Alert.State.OPEN,
                new Alert.Subject("hosts", host, 1),
                START_MS,
                START_MS,
                new Alert.Peak(0.9, START_MS, 6, kind, features),
                "",
                "");
    }

    @Test
    void theSameFaultOnAnotherHostIsAlmostTheSame() {
        Fingerprint one = of(disk("host-1", 8, EvidenceKind.LEVEL));
        assertThat(one.similarity(of(disk("host-2", 8, EvidenceKind.LEVEL)))).isBetween(0.93, 0.999);
        assertThat(one.similarity(of(disk("host-1", 8, EvidenceKind.LEVEL)))).isEqualTo(1);
    }

    @Test
    void theMoreSizeAndKindDifferTheLessItIsTheSame() {
        Fingerprint one = of(disk("host-1", 8, EvidenceKind.LEVEL));
        double larger = one.similarity(of(disk("host-2", 12, EvidenceKind.LEVEL)));
        double huge = one.similarity(of(disk("host-2", 100, EvidenceKind.LEVEL)));
        double other = one.similarity(of(disk("host-2", 100, EvidenceKind.VARIANCE)));
        assertThat(larger).isGreaterThan(huge + 0.02);
        assertThat(huge).isGreaterThan(other + 0.02);
        assertThat(other).isGreaterThan(0.5);
    }

    @Test
    void theOtherDirectionAndAnotherFeatureAreOtherFaults() {
        Fingerprint one = of(disk("host-1", 8, EvidenceKind.LEVEL));
        assertThat(one.similarity(of(disk("host-1", 0.1, EvidenceKind.LEVEL)))).isLessThan(0.5);
        assertThat(one.similarity(of(Told.open("host-1", "memory", START_MS, 6))))
                .isLessThan(0.3);
        assertThat(one.similarity(of(Told.open("host-1", "", START_MS, 6)))).isLessThan(0.3);
    }

    @Test
    void aFaultOfManyHostsIsLikeThatOfOne() {
        List<Alert> many = new ArrayList<>();
        for (int i = 0; i < 50; i++) many.add(disk("host-" + i, 8, EvidenceKind.LEVEL));
        assertThat(of(many).similarity(of(disk("host-7", 8, EvidenceKind.LEVEL))))
                .isGreaterThan(0.85);
    }

    @Test
    void theOrderInWhichAlertsComeIsNoPartOfIt() {
        List<Alert> alerts = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(5);
        Faults.Kind kind = Faults.kind(random);
        for (int i = 0; i < 40; i++) alerts.add(Faults.alert(kind, "host-" + i, START_MS, random));
        Fingerprint one = of(alerts);
        Collections.reverse(alerts);
        assertThat(of(alerts.subList(0, 40)).encode()).isEqualTo(one.encode());
        assertThat(Fingerprint.decode(one.encode()).encode()).isEqualTo(one.encode());
        assertThatThrownBy(() -> Fingerprint.decode("AAAA")).hasMessageContaining("256 bytes");
    }

    /** 40 faults, each four times on one to eight other hosts. */
    @Test
    void repeatedFaultsAreAlikeAndOthersAreNot() {
        SplittableRandom random = new SplittableRandom(17);
        List<Faults.Kind> kinds = new ArrayList<>();
        List<Integer> of = new ArrayList<>();
        List<Fingerprint> prints = new ArrayList<>();
        for (int k = 0; k < 40; k++) kinds.add(Faults.kind(random));
        for (int k = 0; k < 40; k++) {
            for (int n = 0; n < 4; n++) {
                List<Alert> alerts = new ArrayList<>();
                for (int h = 1 + random.nextInt(8); h > 0; h--) {
                    alerts.add(Faults.alert(kinds.get(k), "host-" + random.nextInt(200), START_MS, random));
                }
                prints.add(of(alerts));
                of.add(k);
            }
        }
        int same = 0;
        int sameFound = 0;
        int other = 0;
        int otherFound = 0;
        int nearest = 0;
        for (int i = 0; i < prints.size(); i++) {
            int best = -1;
            double most = -1;
            for (int j = 0; j < prints.size(); j++) {
                if (i == j) continue;
                double similarity = prints.get(i).similarity(prints.get(j));
                if (similarity > most) {
                    most = similarity;
                    best = j;
                }
                boolean found = similarity >= IncidentMemory.SIMILARITY_LEAST;
                Faults.Kind mine = kinds.get(of.get(i));
                if (of.get(i).equals(of.get(j))) {
                    same++;
                    if (found) sameFound++;
                } else if (!mine.overlaps(kinds.get(of.get(j)))) {
                    other++;
                    if (found) otherFound++;
                }
            }
            if (of.get(best).equals(of.get(i))) nearest++;
        }
        assertThat(sameFound / (double) same).isGreaterThan(0.95);
        assertThat(otherFound / (double) other).isLessThan(0.005);
        assertThat(nearest).isGreaterThan(155);
    }
}
