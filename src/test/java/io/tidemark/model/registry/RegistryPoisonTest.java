package io.tidemark.model.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.Poison;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A record of {@code models} that the registry did not write changes nothing and stops nobody. */
class RegistryPoisonTest {
    private final RegistryRecords records = new RegistryRecords();

    private static @Nullable String apply(ModelLog log, String key, byte @Nullable [] value) {
        return log.apply(key.getBytes(UTF_8), value, 7);
    }

    /** A registry with a champion, a challenger and commands behind it. */
    private List<RegistryRecords.Entry> history() {
        records.learnt(1);
        records.learnt(2);
        records.challenge("retrain-1", 3);
        records.command(RegistryCommand.Action.PROMOTE, 3, false);
        records.command(RegistryCommand.Action.PIN, 0, false);
        return records.history();
    }

    @Test
    void commandUnderAnotherKeyIsNeverDecided() {
        byte[] command = ("{\"id\":\"c1\",\"action\":\"PIN\",\"stream\":\"fj\",\"network\":\"dense-ae\",\"version\":0,"
                        + "\"over\":0,\"force\":false,\"who\":\"me\",\"why\":\"x\",\"whenMs\":1,\"figures\":{}}")
                .getBytes(UTF_8);
        assertThat(apply(records.log, "command/typo", command)).contains("command/fj/dense-ae/c1");
        assertThat(records.log.commands()).isEmpty();
        assertThat(new Decisions(records.log).decide()).isEmpty();
    }

    @Test
    void auditEntryWithNothingInItIsPassedOver() {
        history();
        assertThat(apply(records.log, "audit/x", "{}".getBytes(UTF_8))).contains("AuditEntry");
        records.learnt(4);
        assertThat(records.log.manifests()).hasSize(4);
    }

    @Test
    void manifestWithoutAHashIsPassedOver() {
        ModelVersion sent = records.learnt(1).as(1, 0);
        String json = new String(sent.toJson(), UTF_8)
                .replace("\"sha256\":\"" + sent.weights().sha256() + "\",", "");
        assertThat(apply(records.log, sent.key(), json.getBytes(UTF_8))).isNotNull();
        records.learnt(2);
        assertThat(records.log.manifests()).hasSize(2);
    }

    @Test
    void chunkThatDoesNotHaveItsHashDoesNotReplaceTheOneThatHas() {
        records.learnt(1);
        ModelLog log = new ModelLog(v -> true);
        for (RegistryRecords.Entry entry : records.history()) {
            apply(log, entry.key(), entry.value());
            if (entry.key().startsWith("chunk/") && entry.value() != null) {
                assertThat(apply(log, entry.key(), new byte[] {1, 2})).contains("its key is not");
            }
        }
        assertThat(log.serving().champions()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"standing", "audit", "model", "offer", "command"})
    void everyKindUnderEveryKeyLeavesTheRegistryAsItWas(String prefix) {
        List<RegistryRecords.Entry> history = new ArrayList<>(history());
        ModelId id = TestModels.draft(1).id();
        for (RegistryRecords.Entry entry : history) {
            byte[] good = entry.value();
            if (good == null || !entry.key().startsWith(prefix)) continue;
            for (Map.Entry<String, byte @Nullable []> kind : Poison.kinds(good).entrySet()) {
                if (kind.getValue() == null) continue; // a tombstone is the registry's own word
                ModelLog log = new ModelLog(v -> false);
                for (RegistryRecords.Entry before : history) apply(log, before.key(), before.value());
                Deployment deployment = log.deployment(id);
                assertThat(apply(log, entry.key(), kind.getValue()))
                        .as(kind.getKey())
                        .isNotNull();
                assertThat(apply(log, prefix + "/elsewhere", good)).isNotNull();
                assertThat(log.deployment(id)).isEqualTo(deployment);
                assertThat(log.manifests()).hasSize(3);
                new Decisions(log).decide();
            }
        }
        assertThat(history).anyMatch(entry -> entry.key().startsWith(prefix));
    }

    @Test
    void whatARecordDisplacedIsKnownByItsKey() {
        history();
        Deployment deployment = records.deployment();
        apply(records.log, deployment.key(), "{}".getBytes(UTF_8));
        assertThat(RegistryJson.read(records.log.kept(deployment.key()), Deployment.class))
                .isEqualTo(deployment);
        assertThat(records.log.kept("audit/x")).isNull();
    }

    /** 20,000 mutated records, each followed by all that readers and the registrar ask the log for. */
    @Test
    void mutatedRecordsStopNobody() {
        List<RegistryRecords.Entry> history = new ArrayList<>(history());
        history.removeIf(entry -> entry.value() == null || entry.key().startsWith("chunk/"));
        Random random = new Random(12);
        long passedOver = 0;
        for (int i = 0; i < 20_000; i++) {
            if (i % 500 == 0) records.learnt(1 + i);
            RegistryRecords.Entry entry = history.get(random.nextInt(history.size()));
            byte[] bytes = Poison.mutated(java.util.Objects.requireNonNull(entry.value()), random);
            String key = random.nextInt(20) == 0
                    ? new String(Poison.mutated(entry.key().getBytes(UTF_8), random), UTF_8)
                    : entry.key();
            if (apply(records.log, key, bytes) != null) passedOver++;
            if (i % 10 == 0) new Decisions(records.log).decide();
            if (i % 100 == 0) {
                records.log.serving();
                records.log.audited().forEach(records.log::audit);
                RegistryRecords.publisher(records.log);
            }
        }
        assertThat(passedOver).isBetween(10_000L, 20_000L);
        assertThat(records.log.damaged()).isGreaterThanOrEqualTo(passedOver);
    }
}
