package io.tidemark.role.verdict;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.judge.incident.Incident;
import io.tidemark.judge.incident.IncidentCodec;
import io.tidemark.judge.incident.IncidentHead;
import io.tidemark.judge.incident.Member;
import io.tidemark.judge.incident.PastIncident;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The incidents of a task in a store with a changelog, one entry for each part, so that an alert writes one member and one head.
 *
 * <pre>
 *   head      'h' | id
 *   member    'm' | id | 0 | stream/series
 *   past      'p' | id | 0
 * </pre>
 *
 * <p>A Tidemark that knows no past incidents takes one for a member of an incident that is over, and passes it over.
 */
final class IncidentStore {
    private static final char HEAD = 'h';
    private static final char MEMBER = 'm';
    private static final char PAST = 'p';
    private static final char BETWEEN = 0;

    private final KeyValueStore<Bytes, byte[]> parts;

    IncidentStore(KeyValueStore<Bytes, byte[]> parts) {
        this.parts = parts;
    }

    void put(Incident incident) {
        parts.put(headKey(incident.id()), IncidentCodec.encode(incident.head()));
    }

    void put(Incident incident, Member member) {
        parts.put(memberKey(incident.id(), member), IncidentCodec.encode(member));
    }

    void delete(Incident incident) {
        parts.delete(headKey(incident.id()));
        for (Member member : incident.members()) parts.delete(memberKey(incident.id(), member));
    }

    void put(PastIncident past) {
        parts.put(pastKey(past), IncidentCodec.encode(past));
    }

    void delete(PastIncident past) {
        parts.delete(pastKey(past));
    }

    /** Every past incident; those that another version wrote are deleted. */
    void forEachPast(Consumer<PastIncident> each) {
        List<Bytes> unread = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> all = parts.all()) {
            while (all.hasNext()) {
                var part = all.next();
                if (part.key.get()[0] != PAST) continue;
                IncidentCodec.past(part.value).ifPresentOrElse(each, () -> unread.add(part.key));
            }
        }
        unread.forEach(parts::delete);
    }

    /** Every stored incident, in the order in which they began. */
    void forEach(BiConsumer<IncidentHead, List<Member>> each) {
        Map<String, IncidentHead> heads = new LinkedHashMap<>();
        Map<String, List<Member>> members = new LinkedHashMap<>();
        try (KeyValueIterator<Bytes, byte[]> all = parts.all()) {
            while (all.hasNext()) {
                var part = all.next();
                String key = new String(part.key.get(), UTF_8);
                if (key.charAt(0) == HEAD) {
                    heads.put(key.substring(1), IncidentCodec.head(part.value));
                } else if (key.charAt(0) == MEMBER) {
                    String id = key.substring(1, key.indexOf(BETWEEN));
                    members.computeIfAbsent(id, i -> new ArrayList<>()).add(IncidentCodec.member(part.value));
                }
            }
        }
        heads.forEach((id, head) -> each.accept(head, members.getOrDefault(id, List.of())));
    }

    private static Bytes headKey(String id) {
        return Bytes.wrap((HEAD + id).getBytes(UTF_8));
    }

    private static Bytes pastKey(PastIncident past) {
        return Bytes.wrap((PAST + past.id() + BETWEEN).getBytes(UTF_8));
    }

    private static Bytes memberKey(String id, Member member) {
        return Bytes.wrap((MEMBER + id + BETWEEN + member.stream() + "/" + member.series()).getBytes(UTF_8));
    }
}
