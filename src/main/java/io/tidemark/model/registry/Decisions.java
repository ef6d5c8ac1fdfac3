package io.tidemark.model.registry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of offers and commands: a function of the log alone.
 *
 * <ol>
 *   <li>An offer gets the next number of its network. The second offer of a job is dropped.
 *   <li>A learner's version becomes champion when the champion is one of the learner's own, or there is none, or it has other layers, and it is not
 *       pinned. Else it becomes the learner's one challenger, so that what a person or a retraining has promoted stands until
 *       something is promoted over it. That challenger keeps its seat until it has been tried; versions that come before are kept as
 *       the newest ones are, and do not score.
 *   <li>A challenger that is not a learner's is tried against the learner's version that was champion when it came, or when it was
 *       last tried, so that a learner that goes on publishing does not put its trial off.
 *   <li>A command on a version that is not there, or against a pin without force, is refused, with the reason in the audit.
 *   <li>The {@link #KEEP} newest versions stay readable, and the champion, the champion before it, the challengers and what they are tried
 *       against whatever their age; the others are tombstoned with their chunks.
 * </ol>
 */
final class Decisions {
    /** Versions of a network that stay readable. */
    static final int KEEP = 5;

    static final String PUBLISH = "publish";

    private final ModelLog log;
    private final Map<String, byte @Nullable []> writes = new LinkedHashMap<>();
    private final List<AuditEntry> entries = new ArrayList<>();

    Decisions(ModelLog log) {
        this.log = log;
    }

    /** Decides everything that waits, oldest first; what is written is applied to the log too. */
    Map<String, byte @Nullable []> decide() {
        for (Offer offer : log.offers()) decide(offer);
        for (RegistryCommand command : log.commands()) decide(command);
        return writes;
    }

    /** The entries that it wrote into the audit, in order. */
    List<AuditEntry> entries() {
        return entries;
    }

    private void write(String key, byte @Nullable [] value) {
        writes.remove(key); // the last write of a key is the last in order too
        writes.put(key, value);
        log.apply(key.getBytes(java.nio.charset.StandardCharsets.UTF_8), value, 0);
    }

    private void decide(Offer offer) {
        ModelVersion draft = offer.manifest();
        ModelId id = draft.id();
        Deployment deployment = log.deployment(id);
        write(offer.key(), null);
        if (deployment.jobs().containsKey(draft.origin().job())) {
            drop(draft);
            return;
        }
        if (!log.complete(draft)) {
            drop(draft);
            audit(offer, 0, deployment, deployment, "its weights are not whole; publish it again");
            return;
        }
        int number = Math.max(deployment.last(), log.last(id)) + 1;
        if (number > ModelVersion.NUMBER_MAX) {
            drop(draft);
            audit(offer, 0, deployment, deployment, "its network has used up its version numbers");
            return;
        }
        int parent = deployment
                .jobs()
                .getOrDefault(draft.origin().parentJob(), draft.origin().parent());
        ModelVersion version = draft.as(number, parent < number ? parent : 0);
        write(version.key(), version.toJson());
        Deployment next = admit(deployment, offer, number).with(draft.origin().job(), number);
        write(next.key(), RegistryJson.write(next));
        audit(offer, number, deployment, next, "");
        prune(next);
    }

    private Deployment admit(Deployment deployment, Offer offer, int number) {
        List<Integer> challengers = new ArrayList<>(deployment.roles().challengers());
        boolean learner = offer.as() == ModelState.CHAMPION;
        if (learner && !deployment.roles().pinned() && ownLine(deployment, offer.manifest())) {
            challengers.removeIf(other -> learnt(deployment.id(), other));
            Deployment next =
                    deployment.next(first(number, deployment.roles().champions()), false, challengers, offer.whenMs());
            return next.against(stays(deployment, offer.manifest()) ? deployment.opponents() : Map.of());
        }
        if (learner && awaitsTrial(deployment, offer.manifest())) {
            return deployment.next(
                    deployment.roles().champions(),
                    false,
                    challengers,
                    deployment.roles().sinceMs());
        }
        if (learner) challengers.removeIf(other -> learnt(deployment.id(), other));
        challengers.add(number);
        return facing(
                deployment.next(
                        deployment.roles().champions(),
                        deployment.roles().pinned(),
                        challengers,
                        deployment.roles().sinceMs()),
                number);
    }

    /**
     * A challenger to a learner's champion is tried against the one that is champion now, whatever the learner publishes meanwhile:
     * what is recorded counts from the later of the two on.
     */
    private Deployment facing(Deployment deployment, int challenger) {
        Map<Integer, Integer> opponents = new HashMap<>(deployment.opponents());
        int champion = deployment.champion();
        if (champion > 0 && learnt(deployment.id(), champion)) opponents.put(challenger, champion);
        else opponents.remove(challenger);
        return deployment.against(opponents);
    }

    /** Whether a learner's champion and the one that follows it are of the same layers. */
    private boolean stays(Deployment deployment, ModelVersion offered) {
        ModelVersion champion = log.version(deployment.id(), deployment.champion());
        return champion != null
                && champion.architecture()
                        .specHash()
                        .equals(offered.architecture().specHash());
    }

    /** Whether the champion is a learner's, or there is none, or it has other layers than the network has now, and nobody scores with it. */
    private boolean ownLine(Deployment deployment, ModelVersion offered) {
        if (deployment.champion() == 0 || learnt(deployment.id(), deployment.champion())) return true;
        ModelVersion champion = log.version(deployment.id(), deployment.champion());
        return champion != null
                && !champion.architecture()
                        .specHash()
                        .equals(offered.architecture().specHash());
    }

    /**
     * Whether the learner's challenger keeps its seat until its trial: what is recorded counts from a version's own last row on, and a
     * learner that put its newest version there each time would never be tried.
     */
    private boolean awaitsTrial(Deployment deployment, ModelVersion offered) {
        if (deployment.roles().pinned()) return false;
        for (int other : deployment.roles().challengers()) {
            ModelVersion seated = log.version(deployment.id(), other);
            if (seated == null || !learnt(deployment.id(), other)) continue;
            boolean comparable = seated.architecture()
                    .specHash()
                    .equals(offered.architecture().specHash());
            if (comparable && !log.trail(deployment.id()).isTried(other)) return true;
        }
        return false;
    }

    /** A version from before jobs had names came from a learner or from an import; both gave way to the learner. */
    private boolean learnt(ModelId id, int number) {
        ModelVersion version = log.version(id, number);
        return version == null
                || version.origin().job().isEmpty()
                || version.origin().job().startsWith(ModelPublisher.LEARNER);
    }

    private static List<Integer> first(int number, List<Integer> others) {
        List<Integer> all = new ArrayList<>();
        all.add(number);
        for (int other : others) if (other != number) all.add(other);
        return all;
    }

    private void decide(RegistryCommand command) {
        ModelId id = command.model();
        Deployment before = log.deployment(id);
        write(command.key(), null);
        boolean known = log.trail(id).isKnown(command.id());
        boolean told = command.action() == RegistryCommand.Action.UNDONE;
        if (known || !(told || log.networks().contains(id))) return;
        String refused = refusal(command, before);
        Deployment after = refused.isEmpty() ? obey(command, before) : before;
        if (after != before) {
            boolean another = after.champion() != before.champion();
            after = another ? after.against(Map.of()) : after;
            write(after.key(), RegistryJson.write(after));
        }
        int version = command.version() == 0 ? about(command, before, after) : command.version();
        AuditEntry entry = new AuditEntry(
                new AuditEntry.Position(
                        log.trail(id).nextSequence(),
                        log.trail(id)
                                .nextPlace(AuditEntry.Kind.of(command.action().toString()))),
                command.id(),
                id,
                new AuditEntry.Change(command.action().toString(), version, before.champion(), after.champion()),
                command.request(),
                refused,
                command.figures());
        entries.add(entry);
        write(entry.key(), RegistryJson.write(entry));
        if (after != before) prune(after);
    }

    private static int about(RegistryCommand command, Deployment before, Deployment after) {
        return switch (command.action()) {
            case ROLLBACK -> before.champion();
            case UNDONE -> 0;
            case PROMOTE, PIN, UNPIN, RETIRE, KEEP -> after.champion();
        };
    }

    private String refusal(RegistryCommand command, Deployment deployment) {
        int version = command.version();
        int champion = deployment.champion();
        String label = command.model() + "@" + version;
        boolean held = deployment.roles().pinned() && !command.force();
        String pinned = "champion " + command.model() + "@" + champion + " is pinned; unpin it first, or use --force";
        boolean absent = version > 0 && log.version(command.model(), version) == null;
        return switch (command.action()) {
            case PROMOTE ->
                absent || version == 0
                        ? "there is no " + label
                        : overtaken(command, deployment)
                                ? label + " was compared with version " + command.over()
                                        + " as a challenger, and that is not how they stand now"
                                : version == champion ? label + " is the champion already" : held ? pinned : "";
            case ROLLBACK ->
                version > 0 && version != champion
                        ? label + " is not the champion, " + command.model() + "@" + champion + " is"
                        : held ? pinned : before(deployment) == 0 ? "no champion before it is kept" : "";
            case PIN ->
                absent
                        ? "there is no " + label
                        : version == 0 && champion == 0
                                ? "there is no champion to pin"
                                : version > 0 && version != champion && held ? pinned : "";
            case UNPIN -> deployment.roles().pinned() ? "" : "the champion is not pinned";
            case UNDONE -> "";
            case KEEP -> deployment.roles().challengers().contains(version) ? "" : label + " is not a challenger";
            case RETIRE ->
                deployment.roles().challengers().contains(version)
                        ? ""
                        : version == champion && version > 0
                                ? label + " is the champion; promote another version or roll it back"
                                : label + " is not a challenger";
        };
    }

    private static boolean overtaken(RegistryCommand command, Deployment deployment) {
        boolean compared = command.over() > 0;
        boolean stands = command.over() == deployment.opponent(command.version())
                && deployment.roles().challengers().contains(command.version());
        return compared && !stands;
    }

    /** The newest champion before the present one that is still kept; 0 when there is none. */
    private int before(Deployment deployment) {
        for (int number : deployment.roles().champions()) {
            if (number != deployment.champion() && log.version(deployment.id(), number) != null) return number;
        }
        return 0;
    }

    private Deployment obey(RegistryCommand command, Deployment deployment) {
        List<Integer> challengers = new ArrayList<>(deployment.roles().challengers());
        List<Integer> champions = new ArrayList<>(deployment.roles().champions());
        int version = command.version();
        switch (command.action()) {
            case PROMOTE -> {
                challengers.remove((Integer) version);
                return deployment.next(
                        first(version, champions),
                        false,
                        challengers,
                        command.request().whenMs());
            }
            case ROLLBACK -> {
                int back = before(deployment);
                champions.remove((Integer) deployment.champion());
                return deployment.next(
                        first(back, champions),
                        false,
                        challengers,
                        command.request().whenMs());
            }
            case PIN -> {
                int pin = version == 0 ? deployment.champion() : version;
                boolean same = pin == deployment.champion();
                challengers.remove((Integer) pin);
                return deployment.next(
                        first(pin, champions),
                        true,
                        challengers,
                        same ? deployment.roles().sinceMs() : command.request().whenMs());
            }
            case KEEP -> {
                return facing(deployment, version);
            }
            case UNDONE -> {
                return deployment;
            }
            case UNPIN -> {
                return deployment.next(
                        champions, false, challengers, deployment.roles().sinceMs());
            }
            case RETIRE -> {
                challengers.remove((Integer) version);
                return deployment.next(
                        champions,
                        deployment.roles().pinned(),
                        challengers,
                        deployment.roles().sinceMs());
            }
        }
        return deployment;
    }

    private void audit(Offer offer, int number, Deployment before, Deployment after, String refused) {
        AuditEntry entry = new AuditEntry(
                new AuditEntry.Position(
                        log.trail(before.id()).nextSequence(),
                        log.trail(before.id()).nextPlace(AuditEntry.Kind.EVERYDAY)),
                offer.manifest().origin().job(),
                before.id(),
                new AuditEntry.Change(PUBLISH, number, before.champion(), after.champion()),
                new Request(offer.who(), offer.why(), offer.whenMs()),
                refused,
                offer.figures());
        entries.add(entry);
        write(entry.key(), RegistryJson.write(entry));
    }

    /** Tombstones the chunks of a draft that no manifest names. */
    private void drop(ModelVersion draft) {
        Set<String> named = new HashSet<>();
        for (ModelVersion version : log.every(draft.id())) named.addAll(chunkKeys(version));
        for (String key : chunkKeys(draft)) if (!named.contains(key)) write(key, null);
    }

    private static Collection<String> chunkKeys(ModelVersion version) {
        return version.weights().chunks().stream()
                .map(chunk -> version.chunkKey(chunk.sha256()))
                .distinct()
                .toList();
    }

    private void prune(Deployment deployment) {
        ModelId id = deployment.id();
        Set<Integer> kept = new HashSet<>(deployment.roles().challengers());
        kept.add(deployment.champion());
        kept.add(before(deployment));
        kept.addAll(deployment.opponents().values());
        List<ModelVersion> every = log.every(id);
        every.stream()
                .map(ModelVersion::version)
                .distinct()
                .sorted(java.util.Comparator.reverseOrder())
                .limit(KEEP)
                .forEach(kept::add);
        Set<String> needed = new HashSet<>();
        Set<String> given = new LinkedHashSet<>();
        for (ModelVersion version : every) {
            boolean stays = kept.contains(version.version());
            (stays ? needed : given).addAll(chunkKeys(version));
            if (!stays) write(version.key(), null);
        }
        for (String key : given) if (!needed.contains(key)) write(key, null);
    }
}
