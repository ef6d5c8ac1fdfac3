package io.tidemark.model.registry;

import io.tidemark.kafka.client.KafkaConnection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The registry at one moment.
 *
 * @param versions the versions that are kept, by network and then by number
 * @param deployments how each network stands
 * @param audit the decisions that are kept, by network, oldest first
 */
public record RegistryView(
        List<ModelVersion> versions, Map<ModelId, Deployment> deployments, Map<ModelId, List<AuditEntry>> audit) {
    public RegistryView {
        versions = List.copyOf(versions);
        deployments = Map.copyOf(deployments);
        audit = Map.copyOf(audit);
    }

    /** Reads the topic once; everything that was committed before the call is in it. */
    public static RegistryView read(KafkaConnection connection) throws InterruptedException {
        ModelLog log = ModelReader.drained(connection, version -> false);
        Map<ModelId, Deployment> deployments = new TreeMap<>();
        Map<ModelId, List<AuditEntry>> audit = new TreeMap<>();
        for (ModelId id : log.networks()) deployments.put(id, log.deployment(id));
        for (ModelId id : log.audited()) audit.put(id, log.audit(id));
        return new RegistryView(log.manifests(), deployments, audit);
    }

    /** How a network stands; of one that nobody knows, nothing scores. */
    public Deployment deployment(ModelId id) {
        return deployments.getOrDefault(id, Deployment.none(id));
    }

    /** What a version is for. */
    public ModelState state(ModelVersion version) {
        return deployment(version.id()).state(version.version());
    }
}
