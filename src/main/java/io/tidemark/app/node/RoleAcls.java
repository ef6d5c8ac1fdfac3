package io.tidemark.app.node;

import io.tidemark.config.TopicNames;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The least rights that each role, the console and who operates Tidemark by its commands need on a cluster that denies everything else.
 */
public final class RoleAcls {
    private final TopicNames names;
    private final Set<String> inputs;

    /** What a right is on. */
    public enum Resource {
        TOPIC,
        GROUP,
        TRANSACTIONAL_ID;

        /** As the option of {@code kafka-acls.sh} names it. */
        public String option() {
            return "--" + name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Who has rights: a role, the console, or who runs commands such as {@code models promote} and {@code streams apply}. */
    public enum Holder {
        INGEST,
        WORKER,
        LEARNER,
        VERDICT,
        RETRAIN,
        NOTIFY,
        CONSOLE,
        OPERATOR;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One right.
     *
     * @param operations as Kafka names them, such as {@code READ}
     * @param name of the resource, or what its name begins with
     * @param prefixed whether every resource whose name begins so is meant
     */
    public record Acl(Holder role, List<String> operations, Resource resource, String name, boolean prefixed) {
        public Acl {
            operations = List.copyOf(operations);
        }
    }

    /** @param inputs the streams' input topics */
    public RoleAcls(TopicNames names, Collection<String> inputs) {
        this.names = names;
        this.inputs = new TreeSet<>(inputs);
    }

    /** The rights of one holder. */
    public List<Acl> of(Holder role) {
        List<Acl> acls = new ArrayList<>();
        // an operator moves ingest's place in an input, which takes the right to read it; the console shows how far it
        // ends from there
        boolean reads = role == Holder.INGEST || role == Holder.OPERATOR;
        for (String input : inputs) acls.add(topic(role, input, reads ? "READ" : "DESCRIBE"));
        acls.add(new Acl(role, List.of("DESCRIBE"), Resource.TOPIC, names.prefix(), true));
        switch (role) {
            case INGEST -> ingest(acls);
            case WORKER -> worker(acls);
            case VERDICT -> verdict(acls);
            case LEARNER -> learner(acls);
            case RETRAIN -> retrain(acls);
            case NOTIFY -> tell(acls);
            case CONSOLE -> console(acls);
            case OPERATOR -> operator(acls);
        }
        return acls;
    }

    private static Acl topic(Holder role, String name, String... operations) {
        return new Acl(role, List.of(operations), Resource.TOPIC, name, false);
    }

    private static void write(List<Acl> acls, Holder role, String... topics) {
        for (String topic : topics) acls.add(topic(role, topic, "WRITE"));
    }

    private static void read(List<Acl> acls, Holder role, String... topics) {
        for (String topic : topics) acls.add(topic(role, topic, "READ"));
    }

    private static void readAndWrite(List<Acl> acls, Holder role, String... topics) {
        for (String topic : topics) acls.add(topic(role, topic, "READ", "WRITE"));
    }

    private void group(List<Acl> acls, Holder role, String name, boolean prefixed) {
        acls.add(new Acl(role, List.of("READ"), Resource.GROUP, names.role(name), prefixed));
    }

    private void transactions(List<Acl> acls, Holder role, String name) {
        acls.add(new Acl(role, List.of("WRITE", "DESCRIBE"), Resource.TRANSACTIONAL_ID, names.role(name), true));
    }

    private void ingest(List<Acl> acls) {
        Holder role = Holder.INGEST;
        write(acls, role, names.samples(), names.training(), names.scores(), names.deadLetters());
        readAndWrite(acls, role, names.ticks());
        acls.add(new Acl(
                role,
                List.of("READ", "WRITE", "CREATE", "DESCRIBE_CONFIGS", "DELETE"),
                Resource.TOPIC,
                names.role("ingest-"),
                true));
        group(acls, role, "ingest-", true);
        transactions(acls, role, "ingest-");
    }

    private void worker(List<Acl> acls) {
        Holder role = Holder.WORKER;
        read(acls, role, names.samples(), names.models());
        write(acls, role, names.inferences(), names.vitals(), names.deadLetters());
        write(acls, role, names.codes(), names.anomalyMaps(), names.reconstructions());
        group(acls, role, "worker", false);
        transactions(acls, role, "worker-");
    }

    private void verdict(List<Acl> acls) {
        Holder role = Holder.VERDICT;
        read(acls, role, names.inferences(), names.feedback());
        readAndWrite(acls, role, names.labels(), names.incidentInbox());
        write(acls, role, names.scores(), names.forecasts(), names.alerts(), names.gates(), names.deadLetters());
        write(acls, role, names.incidents());
        acls.add(new Acl(
                role,
                List.of("READ", "WRITE", "CREATE", "DESCRIBE_CONFIGS"),
                Resource.TOPIC,
                names.role("verdict-"),
                true));
        group(acls, role, "verdict", false);
        transactions(acls, role, "verdict-");
    }

    private void learner(List<Acl> acls) {
        Holder role = Holder.LEARNER;
        read(acls, role, names.training(), names.gates(), names.vitals(), names.scores());
        readAndWrite(acls, role, names.models(), names.checkpoints());
        write(acls, role, names.deadLetters());
        group(acls, role, "learner", false);
        group(acls, role, "registrar", false);
        transactions(acls, role, "learner-");
        transactions(acls, role, "registrar-");
    }

    private void tell(List<Acl> acls) {
        Holder role = Holder.NOTIFY;
        read(acls, role, names.incidents(), names.silences());
        write(acls, role, names.deadLetters());
        group(acls, role, "notify-", true);
    }

    private void retrain(List<Acl> acls) {
        Holder role = Holder.RETRAIN;
        readAndWrite(acls, role, names.jobs(), names.models(), names.reports());
        read(acls, role, names.training(), names.gates());
        write(acls, role, names.deadLetters());
        // its share group is told to begin with the oldest job
        acls.add(new Acl(role, List.of("READ", "ALTER_CONFIGS"), Resource.GROUP, names.role("retrain"), false));
        group(acls, role, "retrain-consumers", false);
        // a job's own id is its transactional id
        acls.add(new Acl(role, List.of("WRITE", "DESCRIBE"), Resource.TRANSACTIONAL_ID, names.prefix(), true));
    }

    private void console(List<Acl> acls) {
        Holder role = Holder.CONSOLE;
        read(acls, role, names.incidents(), names.alerts(), names.scores(), names.forecasts(), names.deadLetters());
        read(acls, role, names.anomalyMaps(), names.reconstructions(), names.models(), names.reports());
        readAndWrite(acls, role, names.silences());
        write(acls, role, names.incidentInbox(), names.feedback());
        acls.add(new Acl(role, List.of("DESCRIBE"), Resource.GROUP, names.prefix(), true));
    }

    private void operator(List<Acl> acls) {
        Holder role = Holder.OPERATOR;
        acls.add(new Acl(role, List.of("CREATE"), Resource.TOPIC, names.prefix(), true));
        read(acls, role, names.incidents(), names.alerts(), names.scores(), names.forecasts(), names.deadLetters());
        read(acls, role, names.labels(), names.reports(), names.vitals(), names.codes());
        read(acls, role, names.samples(), names.inferences(), names.training(), names.gates(), names.ticks());
        readAndWrite(acls, role, names.models(), names.checkpoints(), names.silences());
        write(acls, role, names.incidentInbox(), names.feedback(), names.jobs());
        for (String of : new String[] {"ingest-", "verdict-"}) {
            acls.add(new Acl(role, List.of("READ", "WRITE"), Resource.TOPIC, names.role(of), true));
        }
        acls.add(new Acl(role, List.of("READ"), Resource.GROUP, names.prefix(), true));
        transactions(acls, role, "retrain-request-");
    }
}
