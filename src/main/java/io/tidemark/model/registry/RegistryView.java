package io.tidemark.model.registry;

import io.tidemark.kafka.client.KafkaConnection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The registry at one moment.
 *
 * @param versions the versions that are kept, by network and then by number
 * @param standings how each network stands
 * @param audit the decisions that are kept, by network, oldest first
 */
public record RegistryView(
        List<ModelVersion> versions, Map<ModelId, Standing> standings, Map<ModelId, List<AuditEntry>> audit) {
    public RegistryView {
        versions = List.copyOf(versions);
        standings = Map.copyOf(standings);
        audit = Map.copyOf(audit);
    }

    /** Reads the topic once; everything that was committed before the call is in it. */
    public static RegistryView read(KafkaConnection connection) throws InterruptedException {
        ModelLog log = ModelReader.drained(connection, version -> false);
        Map<ModelId, Standing> standings = new TreeMap<>();
        Map<ModelId, List<AuditEntry>> audit = new TreeMap<>();
        for (ModelId id : log.networks()) standings.put(id, log.standing(id));
        for (ModelId id : log.audited()) audit.put(id, log.audit(id));
        return new RegistryView(log.manifests(), standings, audit);
    }

    /** How a network stands; of one that nobody knows, nothing scores. */
    public Standing standing(ModelId id) {
        return standings.getOrDefault(id, Standing.none(id));
    }

    /** What a version is for. */
    public ModelState state(ModelVersion version) {
        return standing(version.id()).state(version.version());
    }
}
