package io.tidemark.kafka.client;

import java.util.HashMap;
import java.util.Map;

/** The settings of a consumer of a role's group, whose members notice within seconds that one has gone. */
public final class GroupMember {
    private GroupMember() {}

    /**
     * What every such consumer has; more may be put.
     *
     * @param reset where a partition without a committed offset begins: {@code earliest}, {@code latest} or {@code none}
     */
    public static Map<String, Object> settings(String group, String reset) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("group.id", group);
        settings.put("auto.offset.reset", reset);
        settings.put("allow.auto.create.topics", "false");
        settings.put("session.timeout.ms", "10000");
        settings.put("heartbeat.interval.ms", "3000");
        return settings;
    }
}
