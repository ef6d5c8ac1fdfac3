package io.tidemark.kafka.client;

import io.tidemark.metrics.Meters;
import java.time.InstantSource;

/**
 * What a process gives each role that it runs.
 *
 * @param connection how the role reaches the cluster
 * @param instance tells the processes of a role apart and is stable over restarts, such as a host name
 * @param clock wall time
 */
public record RoleContext(KafkaConnection connection, Meters meters, String instance, InstantSource clock) {}
