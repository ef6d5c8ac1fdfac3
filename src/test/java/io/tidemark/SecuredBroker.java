package io.tidemark;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.app.node.RoleAcls;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.TopicSpec;
import io.tidemark.kafka.client.Topics;
import io.tidemark.kafka.embedded.BrokerSpec;
import io.tidemark.kafka.embedded.EmbeddedBroker;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * A broker of its own with TLS, with SASL/SCRAM over TLS, and with mutual TLS, that denies whatever nobody was given a right to. A listener without security lets
 * tests do everything.
 *
 * <p>Every holder of rights has a SCRAM user of the name that {@code streams acl} prints, and so has {@value #TRUSTED}, who may do everything, as may the
 * owner of the client's certificate.
 */
public final class SecuredBroker implements AutoCloseable {
    /** A user of SCRAM with every right. */
    public static final String TRUSTED = "tidemark";

    private static final Duration SOON = Duration.ofMinutes(1);
    private static final String SECRET = "change-me";
    private static final String SCRAM = "SCRAM-SHA-512";

    private final Path folder;
    private final EmbeddedBroker broker;
    private final Map<Listener, Integer> ports = new EnumMap<>(Listener.class);

    /** How a client shows who it is. */
    public enum Listener {
        TLS,
        SCRAM,
        MUTUAL
    }

    /** @param folder for its data, keys, and the files that {@link #file} writes */
    public SecuredBroker(Path folder) throws Exception {
        this.folder = folder;
        keyPair("broker", "CN=localhost");
        keyPair("client", "CN=" + TRUSTED);
        trust("client-trust", "broker");
        trust("broker-trust", "client");
        int[] free = ports(5);
        for (Listener listener : Listener.values()) ports.put(listener, free[2 + listener.ordinal()]);
        broker = EmbeddedBroker.inProcess(new BrokerSpec(folder.resolve("broker"), free[0], brokerSettings(free)));
        users();
    }

    private Map<String, String> brokerSettings(int[] free) {
        Map<String, String> settings = new HashMap<>();
        settings.put(
                "listeners",
                "CLIENT://127.0.0.1:" + free[0] + ",CONTROLLER://127.0.0.1:" + free[1] + ",TLS://localhost:" + free[2]
                        + ",SCRAM://localhost:" + free[3] + ",MUTUAL://localhost:" + free[4]);
        settings.put("controller.quorum.voters", "1@127.0.0.1:" + free[1]);
        settings.put(
                "listener.security.protocol.map",
                "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT,TLS:SSL,SCRAM:SASL_SSL,MUTUAL:SSL");
        settings.put("listener.name.mutual.ssl.client.auth", "required");
        settings.put("listener.name.scram.sasl.enabled.mechanisms", SCRAM);
        settings.put(
                "listener.name.scram.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        settings.put("ssl.keystore.location", store("broker").toString());
        settings.put("ssl.keystore.password", SECRET);
        settings.put("ssl.truststore.location", store("broker-trust").toString());
        settings.put("ssl.truststore.password", SECRET);
        settings.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        settings.put("super.users", "User:ANONYMOUS;User:" + TRUSTED + ";User:CN=" + TRUSTED);
        return settings;
    }

    private static int[] ports(int count) throws Exception {
        List<ServerSocket> held = new ArrayList<>();
        for (int i = 0; i < count; i++) held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        int[] ports = held.stream().mapToInt(ServerSocket::getLocalPort).toArray();
        for (ServerSocket socket : held) socket.close();
        return ports;
    }

    private void users() throws Exception {
        List<UserScramCredentialAlteration> users = new ArrayList<>();
        for (RoleAcls.Holder holder : RoleAcls.Holder.values()) users.add(credential(user(holder)));
        users.add(credential(TRUSTED));
        try (Admin admin = everything().admin()) {
            admin.alterUserScramCredentials(users).all().get();
        }
        // the broker answers that they are written before it goes by them
        Eventually.passes(SOON, () -> {
            try (Admin admin = Admin.create(new HashMap<>(settings(Listener.SCRAM, TRUSTED)))) {
                admin.describeCluster().nodes().get();
            }
        });
    }

    private static UserScramCredentialUpsertion credential(String user) {
        return new UserScramCredentialUpsertion(
                user, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), SECRET);
    }

    /** The name of a holder's user, as {@code streams acl} prints it. */
    public static String user(RoleAcls.Holder holder) {
        return "tidemark-" + holder;
    }

    private void keyPair(String name, String subject) throws Exception {
        String store = store(name).toString();
        keytool(
                "-genkeypair -alias " + name + " -keyalg EC -dname " + subject + " -ext SAN=dns:localhost -validity 2",
                store);
        keytool("-exportcert -alias " + name, store, "-file", certificate(name));
    }

    private void trust(String name, String trusted) throws Exception {
        keytool("-importcert -noprompt -alias " + trusted, store(name).toString(), "-file", certificate(trusted));
    }

    private String certificate(String name) {
        return folder.resolve(name + ".crt").toString();
    }

    /** A file of keys or of trusted certificates: {@code client}, {@code client-trust}, {@code broker}, {@code broker-trust}. */
    public Path store(String name) {
        return folder.resolve(name + ".p12");
    }

    private void keytool(String arguments, String store, String... further) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments.split(" ")));
        command.addAll(List.of("-keystore", store, "-storetype", "PKCS12", "-storepass", SECRET));
        command.addAll(List.of(further));
        Path log = folder.resolve("keytool.log");
        int status = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        assertThat(status).as(Files.readString(log)).isZero();
    }

    public int port(Listener listener) {
        return ports.getOrDefault(listener, 0);
    }

    /** A connection with every right, under the default names. */
    public KafkaConnection everything() {
        return KafkaConnection.to(broker.bootstrap());
    }

    /** Creates an input topic of one partition; it keeps records of any age. */
    public void input(String topic) {
        try (Admin admin = everything().admin()) {
            new Topics(admin, SOON).create(List.of(new TopicSpec(topic, 1, (short) 1, Map.of("retention.ms", "-1"))));
        }
    }

    /** What a user writes for a listener. */
    public Map<String, String> settings(Listener listener, String user) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("bootstrap.servers", "localhost:" + port(listener));
        settings.put("security.protocol", listener == Listener.SCRAM ? "SASL_SSL" : "SSL");
        settings.put("ssl.truststore.location", store("client-trust").toString());
        settings.put("ssl.truststore.password", SECRET);
        if (listener == Listener.SCRAM) {
            settings.put("sasl.mechanism", SCRAM);
            settings.put("sasl.jaas.config", login(user, SECRET));
        }
        if (listener == Listener.MUTUAL) {
            settings.put("ssl.keystore.location", store("client").toString());
            settings.put("ssl.keystore.password", SECRET);
        }
        return settings;
    }

    /** What a holder of rights writes, who comes with SCRAM over TLS. */
    public Map<String, String> settings(RoleAcls.Holder holder) {
        return settings(Listener.SCRAM, user(holder));
    }

    /** The setting of a user of SCRAM with a password. */
    public static String login(String user, String password) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user + "\" password=\""
                + password + "\";";
    }

    /** Writes settings as a file for {@code --config}. */
    public Path file(String name, Map<String, String> settings) throws Exception {
        StringBuilder lines = new StringBuilder();
        settings.forEach(
                (key, value) -> lines.append(key).append('=').append(value).append('\n'));
        return Files.writeString(folder.resolve(name + ".properties"), lines);
    }

    /** As the broker has them. */
    public static List<AclBinding> bindings(Collection<RoleAcls.Acl> acls) {
        List<AclBinding> bindings = new ArrayList<>();
        for (RoleAcls.Acl acl : acls) {
            PatternType pattern = acl.prefixed() ? PatternType.PREFIXED : PatternType.LITERAL;
            for (String operation : acl.operations()) {
                bindings.add(binding(
                        "User:" + user(acl.role()), operation, acl.resource().name(), acl.name(), pattern));
            }
        }
        return bindings;
    }

    /** One right, from any host, in the words of Kafka. */
    public static AclBinding binding(
            String principal, String operation, String resource, String name, PatternType pattern) {
        return new AclBinding(
                new ResourcePattern(ResourceType.valueOf(resource), name, pattern),
                new AccessControlEntry(principal, "*", AclOperation.valueOf(operation), AclPermissionType.ALLOW));
    }

    /** Returns when the broker has taken the rights: it answers that they are written before it goes by them. */
    public void allow(Collection<AclBinding> rights) throws Exception {
        try (Admin admin = everything().admin()) {
            admin.createAcls(rights).all().get();
            Eventually.holds(
                    SOON,
                    "the broker goes by the new rights",
                    () -> admin.describeAcls(AclBindingFilter.ANY)
                            .values()
                            .get()
                            .containsAll(rights));
        }
    }

    /** Returns when the broker goes by it. */
    public void forbid(Collection<AclBinding> rights) throws Exception {
        try (Admin admin = everything().admin()) {
            admin.deleteAcls(rights.stream().map(AclBinding::toFilter).toList())
                    .all()
                    .get();
            Eventually.holds(
                    SOON,
                    "the broker goes without the rights",
                    () -> Collections.disjoint(
                            admin.describeAcls(AclBindingFilter.ANY).values().get(), rights));
        }
    }

    @Override
    public void close() {
        broker.close();
    }
}
