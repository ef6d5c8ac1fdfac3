package io.tidemark.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.app.node.RoleAcls;
import io.tidemark.app.node.StreamCost;
import io.tidemark.config.TopicNames;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark streams acl}. */
@Command(
        name = "acl",
        description =
                "Prints the least rights that each role, the console and who operates Tidemark by its commands need, as commands or as"
                        + " JSON; asks no broker.",
        footer = {
            "",
            "Examples:",
            "  tidemark streams acl                                        a principal for each role: User:tidemark-worker, …",
            "  tidemark streams acl --principal User:CN=tidemark           one for all of them",
            "  tidemark streams acl --roles worker --json"
        })
final class StreamsAclCommand extends StreamsCommand.OnFiles {
    @Option(
            names = "--principal",
            paramLabel = "TYPE:NAME",
            description = "who gets the rights (default: User:tidemark-ROLE for each role)")
    private String principal = "";

    @Option(
            names = "--roles",
            paramLabel = "ROLE,…",
            split = ",",
            description = "ingest, worker, learner, verdict, retrain, notify, console, operator (default: all of them)")
    private List<RoleAcls.Holder> roles = new ArrayList<>();

    @Option(
            names = "--prefix",
            paramLabel = "TEXT",
            defaultValue = TopicNames.DEFAULT_PREFIX,
            description =
                    "what the names of Tidemark's topics, groups and transactions begin with (default: ${DEFAULT-VALUE})")
    private String prefix = TopicNames.DEFAULT_PREFIX;

    @Option(
            names = "--json",
            description = "print one JSON object a line: principal, operations, resource, name, pattern")
    private boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        Set<String> inputs = new TreeSet<>();
        for (StreamCost cost : costs()) inputs.add(cost.stream().input().topic());
        RoleAcls acls = new RoleAcls(new TopicNames(prefix), inputs);
        ObjectMapper mapper = new ObjectMapper();
        PrintWriter out = out();
        for (RoleAcls.Holder role : roles.isEmpty() ? EnumSet.allOf(RoleAcls.Holder.class) : EnumSet.copyOf(roles)) {
            String who = principal.isEmpty() ? "User:tidemark-" + role : principal;
            for (RoleAcls.Acl acl : acls.of(role)) {
                out.println(json ? mapper.writeValueAsString(fields(acl, who)) : command(acl, who));
            }
        }
        return 0;
    }

    private static Map<String, Object> fields(RoleAcls.Acl acl, String who) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("role", acl.role().toString());
        fields.put("principal", who);
        fields.put("operations", acl.operations());
        fields.put("resource", acl.resource().toString());
        fields.put("name", acl.name());
        fields.put("pattern", acl.prefixed() ? "PREFIXED" : "LITERAL");
        return fields;
    }

    private static String command(RoleAcls.Acl acl, String who) {
        StringBuilder line = new StringBuilder("kafka-acls.sh --bootstrap-server $BOOTSTRAP --add --allow-principal '")
                .append(who.replace("'", "'\\''"))
                .append('\'');
        for (String operation : acl.operations()) {
            line.append(" --operation ").append(camel(operation));
        }
        line.append(' ')
                .append(acl.resource().option())
                .append(" '")
                .append(acl.name())
                .append('\'');
        return line.append(acl.prefixed() ? " --resource-pattern-type prefixed" : "")
                .toString();
    }

    /** As {@code kafka-acls.sh} wants it: {@code DescribeConfigs}. */
    private static String camel(String operation) {
        StringBuilder name = new StringBuilder();
        for (String word : operation.split("_")) {
            name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return name.toString();
    }
}
