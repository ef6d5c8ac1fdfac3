package io.tidemark.judge.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.config.StreamSpec;
import io.tidemark.judge.alert.AlertMachine;
import io.tidemark.judge.alert.AlertSpec;
import io.tidemark.series.sample.FrozenState;
import io.tidemark.series.sample.Inference;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Verdict, calibration, alert and bands of a series as an earlier build stored them go on as that build did. */
final class StoredVerdictTest {
    private static final StreamSpec SPEC = Pumps.spec("[flow]", "");
    private static final int STORED_AT = 455;
    private static final int END = 480;
    /** The calibration's own first, behind the verdict's two and the journal. */
    private static final int CALIBRATION_SLOT = 19;
    /** Where the alert's slot has the machine's state, behind a flag and its length. */
    private static final int MACHINE_AT = 3;

    private final Inference inference = new Inference();
    private final FrozenState frozen = FrozenState.read("series-verdict-2", present());

    @Test
    void aStoredVerdictWithAnOpenAlertGoesOnAsItDid() {
        Map<Integer, byte[]> slots = frozen.numbered("slot.");
        SeriesVerdict verdict = new VerdictPlan(SPEC).open("p1");
        assertThat(verdict.restore(slots::get)).isTrue();
        assertThat(verdict.isAlertOpen()).isTrue();
        Said said = new Said();
        judge(verdict, STORED_AT, END, said);
        verdict.drain(slots::put);
        byte[] text = String.join("\n", said.all).getBytes(StandardCharsets.UTF_8);
        frozen.assertGives(Map.of("said", text, "slots", digest(slots)));
    }

    @Test
    void aStateOfAnUnknownVersionBeginsAnew() {
        for (int slot : new int[] {SeriesVerdict.PROGRESS_SLOT, SeriesVerdict.ALERT_SLOT, CALIBRATION_SLOT}) {
            Map<Integer, byte[]> slots = frozen.numbered("slot.");
            byte[] state = frozen.part("slot." + slot);
            state[slot == SeriesVerdict.ALERT_SLOT ? MACHINE_AT : 0] = 9;
            slots.put(slot, state);
            SeriesVerdict verdict = new VerdictPlan(SPEC).open("p1");
            assertThat(verdict.restore(slots::get)).as("slot %d", slot).isFalse();
        }
    }

    @Test
    void anAlertOfAnUnknownFormatSaysWhatToDo() {
        byte[] slot = frozen.part("slot." + SeriesVerdict.ALERT_SLOT);
        int length = Byte.toUnsignedInt(slot[1]) << 8 | Byte.toUnsignedInt(slot[2]);
        byte[] state = Arrays.copyOfRange(slot, MACHINE_AT, MACHINE_AT + length);
        AlertMachine machine = new AlertMachine(AlertSpec.DEFAULT);
        machine.restore(state);
        assertThat(machine.isOpen()).isTrue();
        state[0] = 9;
        assertThatThrownBy(() -> machine.restore(state))
                .hasMessageContaining("format 9")
                .hasMessageContaining("delete it");
    }

    private Map<String, byte[]> present() {
        Map<String, byte[]> parts = new TreeMap<>();
        Map<Integer, byte[]> slots = new HashMap<>();
        SeriesVerdict verdict = new VerdictPlan(SPEC).open("p1");
        judge(verdict, 0, STORED_AT - 3, new Said());
        verdict.drain(slots::put);
        judge(verdict, STORED_AT - 3, STORED_AT, new Said());
        verdict.drain(slots::put); // the journal's lines of three steps
        slots.forEach((slot, bytes) -> parts.put("slot." + slot, bytes));
        return parts;
    }

    private void judge(SeriesVerdict verdict, int from, int to, Said said) {
        for (long s = from; s < to; s++) {
            double[] values = Pumps.values(2, s, 1, s >= 450 && s < 460 ? 50 : 0);
            Consumer<Inference> networks = s % 7 == 0 ? Pumps.forecaster(2, values) : Pumps.autoencoder(values);
            verdict.judge(inference.decode(Pumps.inference("p1", s, values, networks)), 0, said);
        }
    }

    /** SHA-256 of the slots in their order. */
    private static byte[] digest(Map<Integer, byte[]> slots) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            new TreeMap<>(slots).values().forEach(digest::update);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
