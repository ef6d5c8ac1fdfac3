package io.tidemark.app.node;

import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.BrokerException;
import io.tidemark.kafka.client.CommittedOffsets;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.OffsetReset;
import io.tidemark.kafka.client.StoredKeys;
import io.tidemark.role.ingest.IngestRole;
import io.tidemark.role.ingest.IngestTopology;
import io.tidemark.role.verdict.VerdictTopology;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * Forgets what roles hold of series, and puts them elsewhere in an input topic, while none of them runs: their state is read from
 * its topics at every start.
 */
public final class StateReset {
    private final KafkaConnection connection;
    private final TopicNames names;

    public StateReset(KafkaConnection connection) {
        this.connection = connection;
        names = connection.names();
    }

    /** What is held of some series, and how many series these are. */
    public record Held(List<StoredKeys> state, int series) {
        public Held {
            state = List.copyOf(state);
        }
    }

    /** Input topics that ingest holds state of, whether a stream that reads them is declared or not. */
    public List<String> inputs() {
        try (Admin admin = connection.admin()) {
            return admin.listTopics().names().get().stream()
                    .flatMap(topic -> IngestTopology.inputOf(names, topic).stream())
                    .sorted()
                    .toList();
        } catch (ExecutionException e) {
            throw new BrokerException("could not list the topics: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokerException("interrupted while listing the topics", e);
        }
    }

    /** Why a role's state cannot be changed now: it runs. One sentence for each; empty when nothing is in the way. */
    public List<String> running(Collection<String> inputs) {
        List<String> why = new ArrayList<>();
        for (String input : inputs)
            isRunning(IngestRole.group(connection, input), "ingest").ifPresent(why::add);
        isRunning(names.role("verdict"), "verdict").ifPresent(why::add);
        return why;
    }

    /** Why the learner's state cannot be changed now. */
    public Optional<String> learns() {
        return isRunning(names.role("learner"), "learner");
    }

    private Optional<String> isRunning(String group, String role) {
        int members = CommittedOffsets.members(connection, group);
        if (members == 0) return Optional.empty();
        return Optional.of("group " + group + " has " + members + (members == 1 ? " member" : " members")
                + "; stop every " + role + " process first (one that was killed leaves after 10 s)");
    }

    /** What is on its way between roles and would be judged after the reset by what came before it. */
    public List<String> underWay() {
        List<String> why = new ArrayList<>();
        if (CommittedOffsets.isBehind(connection, names.role("worker"), names.samples()))
            why.add("samples wait on " + names.samples() + "; let a worker run until it has scored them");
        if (CommittedOffsets.isBehind(connection, names.role("verdict"), names.inferences()))
            why.add("inferences wait on " + names.inferences() + "; let a verdict role run, without ingest, until it"
                    + " has judged them");
        return why;
    }

    /** What ingest and verdict hold of some series. @param series told each key, {@code STREAM/SERIES} */
    public Held held(Collection<String> inputs, Predicate<String> series) {
        Set<String> found = new HashSet<>();
        List<StoredKeys> state = new ArrayList<>();
        for (String input : inputs) {
            state.add(StoredKeys.find(
                    connection,
                    IngestTopology.changelog(names, input),
                    key -> note(IngestTopology.seriesOf(key), series, found)));
        }
        state.add(StoredKeys.find(
                connection,
                VerdictTopology.changelog(names),
                key -> note(VerdictTopology.seriesOf(key), series, found)));
        return new Held(state, state.stream().allMatch(keys -> keys.size() == 0) ? 0 : found.size());
    }

    private static boolean note(@Nullable String key, Predicate<String> series, Set<String> found) {
        if (key == null || !series.test(key)) return false;
        found.add(key);
        return true;
    }

    /** What the learner holds of a stream: its checkpoint and those that its versions began at. */
    public StoredKeys checkpoints(String stream) {
        return StoredKeys.find(connection, names.checkpoints(), bytes -> {
            String key = new String(bytes, StandardCharsets.UTF_8);
            return key.equals(stream) || key.startsWith(stream + "/") || key.startsWith(stream + "@");
        });
    }

    /** Puts the ingest of an input elsewhere; what it has read and not yet judged is passed over, to be read again. */
    public void place(String input, Collection<StreamSpec> streams, OffsetReset to) {
        String group = IngestRole.group(connection, input);
        if (!IngestTopology.isKeyed(List.copyOf(streams)))
            CommittedOffsets.put(connection, group, IngestTopology.events(names, input), OffsetReset.LATEST);
        if (streams.stream().anyMatch(stream -> stream.grid().idleClose().isPresent()))
            CommittedOffsets.put(connection, group, names.ticks(), OffsetReset.LATEST);
        CommittedOffsets.put(connection, group, input, to);
    }
}
