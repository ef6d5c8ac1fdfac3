package io.tidemark.model.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.model.registry.RegistryCommand.Action;
import io.tidemark.net.engine.TestNetworks;
import io.tidemark.net.network.Network;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DecisionsTest {
    private static final int MANY = Integer.getInteger("tidemark.publications", 4_000);
    private static final int SOME = 500;
    private static final ModelId ID = new ModelId("pump", "ae");

    private final RegistryRecords records = new RegistryRecords();

    @Test
    void learnersVersionsBecomeChampionsOneAfterTheOtherAndNameTheirParents() {
        for (int i = 1; i <= 3; i++) records.learnt(i);
        assertThat(records.deployment().champion()).isEqualTo(3);
        assertThat(records.log.manifests())
                .extracting(version -> version.origin().parent())
                .containsExactly(0, 1, 2);
        assertThat(records.deployment().state(2)).isEqualTo(ModelState.RETIRED);
        assertThat(records.log.offers()).isEmpty();
    }

    @Test
    void pinnedChampionIsNotReplacedByALearner() {
        records.learnt(1);
        records.command(Action.PIN, 0, false);
        records.learnt(2);
        records.learnt(3);
        assertThat(records.deployment().state(1)).isEqualTo(ModelState.PINNED);
        assertThat(records.deployment().roles().challengers()).containsExactly(3);
        records.command(Action.UNPIN, 0, false);
        records.learnt(4);
        assertThat(records.deployment().champion()).isEqualTo(4);
        assertThat(records.deployment().roles().challengers()).isEmpty();
    }

    @Test
    void promotedRetrainingStandsUntilAnotherIsPromotedOverIt() {
        records.learnt(1);
        records.challenge("retrain-1", 2);
        assertThat(records.deployment().state(2)).isEqualTo(ModelState.CHALLENGER);
        assertThat(records.command(Action.PROMOTE, 2, false).change().after()).isEqualTo(2);
        records.learnt(3);
        assertThat(records.deployment().champion()).isEqualTo(2);
        assertThat(records.deployment().state(3)).isEqualTo(ModelState.CHALLENGER);
        records.command(Action.PROMOTE, 3, false);
        records.learnt(4);
        assertThat(records.deployment().champion()).isEqualTo(4);
    }

    @Test
    void theLearnersChallengerKeepsItsSeatUntilItsTrial() {
        records.learnt(1);
        records.challenge("retrain-1", 2);
        records.command(Action.PROMOTE, 2, false);
        for (int i = 3; i <= 20; i++) records.learnt(i);
        assertThat(records.deployment().roles().challengers())
                .as("rows recorded since it was trained count, and the next one would have none")
                .containsExactly(3);
        assertThat(records.log.version(ID, 3)).isNotNull();
        assertThat(trialDecides(3, Action.KEEP, 0).refused()).isEmpty();
        records.learnt(21);
        assertThat(records.deployment().roles().challengers()).containsExactly(21);
        records.learnt(22);
        assertThat(records.deployment().roles().challengers()).containsExactly(21);
        assertThat(trialDecides(21, Action.PROMOTE, 2).change().after()).isEqualTo(21);
        records.learnt(23);
        assertThat(records.deployment().champion()).isEqualTo(23);
    }

    @Test
    void aRetrainingIsTriedAgainstTheLearnersVersionOfItsTimeHoweverOftenTheLearnerPublishes() {
        records.learnt(1);
        records.challenge("retrain-1", 2);
        for (int i = 3; i <= 20; i++) records.learnt(i);
        assertThat(records.deployment().champion()).isEqualTo(20);
        assertThat(records.deployment().opponent(2)).isEqualTo(1);
        assertThat(records.log.version(ID, 1)).as("still to be read").isNotNull();
        trialDecides(2, Action.KEEP, 0);
        assertThat(records.deployment().opponent(2)).as("the next trial's").isEqualTo(20);
        for (int i = 21; i <= 40; i++) records.learnt(i);
        assertThat(records.log.version(ID, 1)).isNull();
        assertThat(trialDecides(2, Action.PROMOTE, 40).refused()).contains("compared with version 40");
        assertThat(trialDecides(2, Action.PROMOTE, 20).change().after()).isEqualTo(2);
        assertThat(records.deployment().opponents()).isEmpty();
    }

    @Test
    void anotherChampionThanALearnersIsTheOpponentOfAll() {
        records.learnt(1);
        records.challenge("retrain-1", 2);
        records.challenge("retrain-2", 3);
        records.learnt(4);
        assertThat(records.command(Action.PROMOTE, 3, false).change().after()).isEqualTo(3);
        assertThat(records.deployment().opponent(2)).isEqualTo(3);
        assertThat(trialPromotes(2, 3).change().after()).isEqualTo(2);
    }

    @Test
    void aChallengerThatCannotBeComparedGivesItsSeatUp() {
        records.learnt(1);
        records.challenge("retrain-1", 2);
        records.command(Action.PIN, 2, false);
        records.learnt(3);
        records.learnt(4);
        assertThat(records.deployment().roles().challengers())
                .as("nothing is tried against a pinned champion")
                .containsExactly(4);
        records.command(Action.RETIRE, 4, false);
        records.command(Action.UNPIN, 0, false);
        records.learnt(5);
        assertThat(records.deployment().roles().challengers()).containsExactly(5);
    }

    @Test
    void championOfOtherLayersGivesWayToTheLearner() {
        records.learnt(1);
        Offer offer = new Offer(otherLayers(), ModelState.CHALLENGER, "retrain", "", 1, Map.of());
        records.send(offer.key(), RegistryJson.write(offer));
        offer.manifest()
                .weights()
                .chunks()
                .forEach(chunk -> records.send(offer.manifest().chunkKey(chunk.sha256()), OTHER_FILE));
        records.decide();
        assertThat(records.command(Action.PROMOTE, 2, false).change().after()).isEqualTo(2);
        records.learnt(3);
        assertThat(records.deployment().champion()).isEqualTo(3);
    }

    private static final byte[] OTHER_FILE = {1, 2, 3};

    private static ModelVersion otherLayers() {
        return TestModels.draft("pump", otherNetwork(), 1)
                .as(0, 0)
                .by("retrain-1", "")
                .of(OTHER_FILE);
    }

    /** The same network, of more features. */
    private static Network otherNetwork() {
        return TestNetworks.autoencoder().bind(2);
    }

    @Test
    void aTrialsPromotionCountsOnlyWhileBothStandAsTheyWereCompared() {
        records.learnt(1);
        records.challenge("retrain-1", 2);
        records.challenge("retrain-2", 3);
        assertThat(trialPromotes(2, 9).refused()).contains("compared with version 9");
        assertThat(records.command(Action.PROMOTE, 3, false).change().after()).isEqualTo(3);
        assertThat(trialPromotes(2, 1).refused()).contains("compared with version 1");
        assertThat(records.deployment().champion()).isEqualTo(3);
        records.command(Action.RETIRE, 2, false);
        assertThat(trialPromotes(2, 3).refused()).as("it was retired").contains("compared with version 3");
        records.challenge("retrain-3", 4);
        assertThat(trialPromotes(4, 3).change().after()).isEqualTo(4);
    }

    private AuditEntry trialPromotes(int version, int over) {
        return trialDecides(version, Action.PROMOTE, over);
    }

    private AuditEntry trialDecides(int version, Action action, int over) {
        String id = "trial-" + version + "-" + over + "-" + records.deployment().revision();
        RegistryCommand command = new RegistryCommand(
                id,
                action,
                new ModelId("pump", "ae"),
                version,
                over,
                false,
                new Request("trial", "better", 1),
                Map.of());
        records.send(command.key(), RegistryJson.write(command));
        records.decide();
        List<AuditEntry> audit = records.log.audit(ID);
        return audit.get(audit.size() - 1);
    }

    @Test
    void ofTwoPublicationsOfOneJobTheFirstCounts() {
        records.challenge("retrain-1", 1);
        records.challenge("retrain-1", 2);
        records.challenge("retrain-1", 1);
        assertThat(records.log.manifests()).hasSize(1);
        Map<String, Boolean> live = live();
        assertThat(live.keySet().stream().filter(key -> key.startsWith("chunk/")))
                .hasSize(1);
        assertThat(live.keySet().stream().filter(key -> key.startsWith("offer/")))
                .isEmpty();
    }

    @Test
    void aJobWhoseVersionIsGoneIsStillKnown() {
        records.challenge("retrain-1", 1);
        records.command(Action.RETIRE, 1, false);
        for (int i = 2; i <= 9; i++) records.learnt(i);
        assertThat(records.log.version(ID, 1)).isNull();
        int before = records.deployment().last();
        records.challenge("retrain-1", 1);
        assertThat(records.deployment().last()).isEqualTo(before);
        assertThat(records.deployment().roles().challengers()).isEmpty();
    }

    @Test
    void anOfferWithoutItsWeightsIsRefused() {
        Offer offer = new Offer(
                TestModels.draft(1).as(0, 0).by("x", "").of(new byte[] {1, 2, 3}),
                ModelState.CHALLENGER,
                "retrain",
                "",
                1,
                Map.of());
        records.send(offer.key(), RegistryJson.write(offer));
        records.decide();
        assertThat(records.log.manifests()).isEmpty();
        assertThat(records.log.audit(ID).get(0).refused()).contains("not whole");
    }

    @Test
    void rollbackGoesBackOneChampionAtATime() {
        for (int i = 1; i <= 3; i++) records.learnt(i);
        AuditEntry entry = records.command(Action.ROLLBACK, 3, false);
        assertThat(entry.change().before()).isEqualTo(3);
        assertThat(entry.change().after()).isEqualTo(2);
        assertThat(entry.request().who()).isEqualTo("ann");
        assertThat(entry.request().why()).isEqualTo("because");
        assertThat(records.command(Action.ROLLBACK, 3, false).refused()).contains("not the champion");
        assertThat(records.command(Action.ROLLBACK, 0, false).change().after()).isEqualTo(1);
        assertThat(records.command(Action.ROLLBACK, 0, false).refused()).contains("no champion before it");
    }

    @Test
    void commandsThatCannotBeDoneSayWhyAndChangeNothing() {
        records.learnt(1);
        records.learnt(2);
        Deployment before = records.deployment();
        assertThat(records.command(Action.PROMOTE, 9, false).refused()).isEqualTo("there is no pump/ae@9");
        assertThat(records.command(Action.PROMOTE, 2, false).refused()).contains("champion already");
        assertThat(records.command(Action.RETIRE, 2, false).refused()).contains("is the champion");
        assertThat(records.command(Action.RETIRE, 1, false).refused()).contains("not a challenger");
        assertThat(records.command(Action.UNPIN, 0, false).refused()).contains("not pinned");
        assertThat(records.deployment()).isEqualTo(before);
        records.command(Action.PIN, 0, false);
        assertThat(records.command(Action.PROMOTE, 1, false).refused()).contains("unpin it first, or use --force");
        assertThat(records.command(Action.PROMOTE, 1, true).change().after()).isEqualTo(1);
    }

    @Test
    void aCommandIsDecidedOnce() {
        records.learnt(1);
        records.learnt(2);
        RegistryCommand command = new RegistryCommand(
                "once", Action.ROLLBACK, new ModelId("pump", "ae"), 0, false, new Request("ann", "", 1), Map.of());
        for (int i = 0; i < 2; i++) {
            records.send(command.key(), RegistryJson.write(command));
            records.decide();
        }
        assertThat(records.log.audit(ID).stream().filter(e -> e.id().equals("once")))
                .hasSize(1);
        assertThat(records.log.commands()).isEmpty();
    }

    @Test
    void aCommandOnAnUnknownNetworkLeavesNothingBehind() {
        RegistryCommand command = new RegistryCommand(
                "x", Action.PROMOTE, new ModelId("no", "such"), 1, false, new Request("ann", "", 1), Map.of());
        records.send(command.key(), RegistryJson.write(command));
        records.decide();
        assertThat(live()).isEmpty();
    }

    @Test
    void trainingThatWasUndoneIsToldOnceOfAnyNetworkAndChangesNothing() {
        RegistryCommand first = undone("undone-7-64-0");
        for (int i = 0; i < 2; i++) {
            records.send(first.key(), RegistryJson.write(first));
            records.decide();
        }
        assertThat(records.log.audit(ID)).hasSize(1);
        assertThat(records.log.networks())
                .as("those with a version or a standing")
                .isEmpty();
        records.learnt(1);
        Deployment before = records.deployment();
        RegistryCommand second = undone("undone-7-900-12");
        records.send(second.key(), RegistryJson.write(second));
        records.decide();
        AuditEntry entry = records.log.audit(ID).get(2);
        assertThat(entry.change().action()).isEqualTo("undone");
        assertThat(entry.change().version()).as("of no version").isZero();
        assertThat(entry.refused()).isEmpty();
        assertThat(entry.figures()).containsEntry("learning-rate", 0.5);
        assertThat(records.deployment()).isEqualTo(before);
        assertThat(records.log.commands()).isEmpty();
    }

    private static RegistryCommand undone(String id) {
        Map<String, Double> figures = Map.of("learning-rate", 0.5);
        return new RegistryCommand(
                id,
                Action.UNDONE,
                new ModelId("pump", "ae"),
                0,
                false,
                new Request("learner", "diverged: a loss was NaN", 1),
                figures);
    }

    @Test
    void aLearnerThatTakesOverKeepsWhatItsPredecessorOfferedUntilItIsNumbered() {
        records.learnt(1);
        Offer offer = new Offer(
                TestModels.draft(1)
                        .as(0, 0)
                        .by(ModelPublisher.LEARNER + "7", "")
                        .of(OTHER_FILE),
                ModelState.CHAMPION,
                "learner",
                "",
                1,
                Map.of());
        records.send(offer.key(), RegistryJson.write(offer));
        ModelPublisher successor = RegistryRecords.publisher(records.log);
        assertThat(successor.kept(ID))
                .extracting(version -> version.origin().job())
                .contains(offer.manifest().origin().job());
        offer.manifest()
                .weights()
                .chunks()
                .forEach(chunk -> records.send(offer.manifest().chunkKey(chunk.sha256()), OTHER_FILE));
        records.decide();
        assertThat(successor.kept(ID)).extracting(ModelVersion::version).containsExactly(1, 2);
    }

    @Test
    void publicationsDoNotPushOutWhoDecidedWhat() {
        records.learnt(1);
        records.learnt(2);
        records.command(Action.PIN, 1, false);
        for (int i = 3; i <= 3 + AuditEntry.KEPT; i++) records.learnt(i);
        List<AuditEntry> audit = records.log.audit(ID);
        assertThat(audit).hasSize(1 + AuditEntry.KEPT);
        assertThat(audit.get(0).change().action()).isEqualTo("pin");
        for (int i = 0; i < AuditEntry.KEPT + 1; i++) records.command(i % 2 == 0 ? Action.UNPIN : Action.PIN, 0, false);
        assertThat(records.log.audit(ID)).hasSize(2 * AuditEntry.KEPT);
        assertThat(records.log.audit(ID))
                .isSortedAccordingTo(
                        Comparator.comparingLong(entry -> entry.at().sequence()));
        assertThat(live().keySet().stream().filter(key -> key.startsWith("audit/")))
                .hasSize(2 * AuditEntry.KEPT);
    }

    @Test
    void publicationsDoNotPushOutWhatWasTried() {
        records.learnt(1);
        records.challenge("retrain-1", 2);
        AuditEntry tried = trialDecides(2, Action.KEEP, 0);
        for (int i = 3; i <= 3 + AuditEntry.KEPT; i++) records.learnt(i);
        assertThat(records.log.audit(ID)).contains(tried);
        assertThat(records.log.trail(ID).isTried(2)).isTrue();
    }

    @Test
    void aTrialThatAnOlderReleaseWroteAmongTheEverydayEntriesIsRead() {
        records.learnt(1);
        records.challenge("retrain-1", 2);
        AuditEntry tried = trialDecides(2, Action.KEEP, 0);
        ModelLog log = new ModelLog(version -> false);
        byte[] key = "audit/pump/ae/everyday-1".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        assertThat(log.apply(key, RegistryJson.write(tried), 7)).isNull();
        assertThat(log.audit(ID)).containsExactly(tried);
        assertThat(log.decidedMs(tried)).isEqualTo(7);
    }

    @Test
    void whatStaysOnTheTopicIsBounded() {
        records.challenge("retrain-1", 1);
        for (int i = 2; i <= 400; i++) records.learnt(i);
        for (int i = 0; i < 10; i++) records.challenge("retrain-x" + i, 500 + i);
        Map<String, Boolean> live = live();
        Set<String> kinds = new HashSet<>();
        Map<String, Integer> counts = new HashMap<>();
        for (String key : live.keySet()) {
            String kind = key.substring(0, key.indexOf('/'));
            kinds.add(kind);
            counts.merge(kind, 1, Integer::sum);
        }
        assertThat(kinds).containsExactlyInAnyOrder("model", "chunk", "standing", "audit");
        int versions = Decisions.KEEP + Deployment.CHALLENGERS_MAX + 2;
        assertThat(counts.get("model")).isLessThanOrEqualTo(versions);
        assertThat(counts.get("chunk")).isLessThanOrEqualTo(versions);
        assertThat(counts.get("audit")).as("publications only").isEqualTo(AuditEntry.KEPT);
        assertThat(records.deployment().jobs()).hasSize(Deployment.JOBS_MAX);
        assertThat(records.deployment().champion()).isEqualTo(400);
        assertThat(records.log.version(ID, 399)).isNotNull();
    }

    @Test
    void aPublicationTakesAsLongWhetherTenWereBeforeItOrThousands() {
        cpuNanosOf(1, SOME, new RegistryRecords()); // compiles
        RegistryRecords fresh = new RegistryRecords();
        long first = cpuNanosOf(1, SOME, fresh);
        cpuNanosOf(SOME + 1, MANY - SOME, fresh);
        long last = cpuNanosOf(MANY - SOME + 1, MANY, fresh);
        assertThat(fresh.deployment().champion()).isEqualTo(MANY);
        assertThat(last).as("thread time, ns").isLessThan(3 * first);
    }

    /** Publishes, with a command after each tenth; the time of this thread alone. */
    private static long cpuNanosOf(int first, int last, RegistryRecords to) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long began = threads.getCurrentThreadCpuTime();
        for (int i = first; i <= last; i++) {
            to.learnt(i);
            if (i % 10 == 0) to.command(Action.UNPIN, 0, false); // refused, and in the audit
            to.forgetHistory();
        }
        return threads.getCurrentThreadCpuTime() - began;
    }

    /** Keys that compaction would keep. */
    private Map<String, Boolean> live() {
        Map<String, Boolean> live = new HashMap<>();
        for (RegistryRecords.Entry entry : records.history()) {
            if (entry.value() == null) live.remove(entry.key());
            else live.put(entry.key(), true);
        }
        return live;
    }
}
