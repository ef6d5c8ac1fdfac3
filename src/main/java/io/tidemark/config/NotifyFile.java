package io.tidemark.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code topology/notify.yaml}: who is told of incidents.
 *
 * @param receivers in the order of the file; at most {@value #RECEIVERS_MAX}
 */
public record NotifyFile(List<Receiver> receivers) {
    public static final int RECEIVERS_MAX = 32;
    /** The longest template of a message. */
    public static final int TEMPLATE_CHARS_MAX = 16_384;
    /** The states that a receiver may be told of. */
    public static final List<String> STATES = List.of("pending", "open", "acknowledged", "resolved", "expired");

    private static final List<String> STATES_SHIPPED = List.of("open", "acknowledged", "resolved", "expired");

    /** Nobody is told. */
    public static final NotifyFile NONE = new NotifyFile(List.of());

    /** What is sent. */
    public enum Type {
        /** Prometheus' Alertmanager, its API of version 2. */
        ALERTMANAGER,
        /** The incident's record as it is. */
        WEBHOOK,
        SLACK,
        /** Microsoft Teams, an adaptive card for a workflow's webhook. */
        TEAMS,
        /** Events API version 2. */
        PAGERDUTY
    }

    /** The least severity that is told. */
    public enum Severity {
        INFO,
        WARNING,
        CRITICAL
    }

    /**
     * Where a secret comes from; it is never in a declared file.
     *
     * @param environment the variable; empty where a file has it
     * @param file whose first line it is; empty where the environment has it
     */
    public record Secret(String environment, String file) {
        /** Declared nowhere. */
        public static final Secret NONE = new Secret("", "");

        public boolean isDeclared() {
            return !environment.isEmpty() || !file.isEmpty();
        }
    }

    /**
     * One receiver.
     *
     * @param name lower-case letters, digits and dashes; part of its consumer group
     * @param timeout of one attempt
     * @param retryFor how long a delivery is tried again
     * @param template what a webhook is sent in place of the record; empty: the record
     */
    public record Receiver(
            String name,
            Type type,
            Target target,
            Filter filter,
            Duration timeout,
            Duration retryFor,
            String template) {

        /** One that gets the record, or what its type wants. */
        public Receiver(String name, Type type, Target target, Filter filter, Duration timeout, Duration retryFor) {
            this(name, type, target, filter, timeout, retryFor, "");
        }

        /**
         * Where it is told, and by which secrets.
         *
         * @param url where it is sent; empty where {@code secretUrl} has it
         * @param secretUrl an address that is itself a secret, such as Slack's
         * @param key PagerDuty's routing key
         * @param signature the key of an HMAC-SHA256 over the body
         * @param bearer a token for the header Authorization
         */
        public record Target(String url, Secret secretUrl, Secret key, Secret signature, Secret bearer) {}

        /**
         * Which incidents it is told of.
         *
         * @param severity the least that is told
         * @param groups of streams; empty: all
         * @param states that are told
         * @param hours the only stretches in which it is told of what begins; empty: always
         */
        public record Filter(Severity severity, List<String> groups, List<String> states, Optional<Recurring> hours) {

            /** One that is always told. */
            public Filter(Severity severity, List<String> groups, List<String> states) {
                this(severity, groups, states, Optional.empty());
            }

            /** Whether it is told of what begins now. */
            public boolean isOnDuty(Instant now) {
                return hours.map(recurring -> recurring.holdsAt(now)).orElse(true);
            }

            public Filter {
                groups = List.copyOf(groups);
                states = List.copyOf(states);
            }
        }
    }

    public NotifyFile {
        receivers = List.copyOf(receivers);
    }

    /**
     * Reads the file; one that is not there tells nobody.
     *
     * @throws InvalidConfigException naming every mistake
     */
    public static NotifyFile read(Path file) {
        if (!Files.exists(file)) return NONE;
        List<Problem> problems = new ArrayList<>();
        Section top = YamlFile.open(file, problems);
        List<Optional<Receiver>> found = top.items(
                "receivers",
                plain -> {
                    top.problem("receivers", "must hold mappings, but one item is " + plain);
                    return Optional.empty();
                },
                section -> Optional.of(receiver(section)));
        List<Receiver> receivers = found.stream().flatMap(Optional::stream).toList();
        Set<String> names = new HashSet<>();
        for (Receiver receiver : receivers) {
            if (!names.add(receiver.name())) top.problem("receivers", "names " + receiver.name() + " twice");
        }
        if (receivers.size() > RECEIVERS_MAX) {
            top.problem("receivers", "must be at most " + RECEIVERS_MAX + ", but are " + receivers.size());
        }
        top.finish();
        if (!problems.isEmpty()) throw new InvalidConfigException(problems);
        return new NotifyFile(receivers);
    }

    private static Receiver receiver(Section s) {
        Type type = s.oneOf("type", Type.class, Type.WEBHOOK);
        if (!s.has("type"))
            s.problem("name", "has no type; it must be alertmanager, webhook, slack, teams or pagerduty");
        String url = s.string("url", type == Type.PAGERDUTY ? "https://events.pagerduty.com/v2/enqueue" : "");
        Secret secretUrl = secret(s, "url");
        if (url.isEmpty() && !secretUrl.isDeclared()) {
            s.problem("name", "has no url; give url, url-env or url-file");
        } else if (!url.isEmpty()) {
            checkUrl(s, url);
        }
        Secret key = secret(s, "key");
        if (type == Type.PAGERDUTY && !key.isDeclared()) {
            s.problem("name", "has no routing key; give key-env or key-file");
        }
        List<String> states = s.has("states") ? s.strings("states") : STATES_SHIPPED;
        for (String state : states) {
            if (!STATES.contains(state)) {
                s.problem("states", "must be of " + String.join(", ", STATES) + ", but one is " + state);
            }
        }
        String template = s.string("template", "");
        if (!template.isEmpty() && type != Type.WEBHOOK) {
            s.problem("template", "is only for type webhook; the others have a shape of their own");
        }
        if (template.length() > TEMPLATE_CHARS_MAX) {
            s.problem(
                    "template", "must be at most " + TEMPLATE_CHARS_MAX + " characters, but has " + template.length());
        }
        return new Receiver(
                s.name("name"),
                type,
                new Receiver.Target(url, secretUrl, key, secret(s, "hmac"), secret(s, "bearer")),
                new Receiver.Filter(
                        s.oneOf("severity", Severity.class, Severity.INFO), s.strings("groups"), states, hours(s)),
                s.duration("timeout", Duration.ofMillis(100), Duration.ofMinutes(5), Duration.ofSeconds(10)),
                s.duration("retry-for", Duration.ZERO, Duration.ofDays(7), Duration.ofHours(1)),
                template);
    }

    private static Optional<Recurring> hours(Section receiver) {
        if (!receiver.has("hours")) return Optional.empty();
        Section s = receiver.section("hours");
        String cron = s.required("cron");
        String zone = s.string("zone", "UTC");
        Duration lasting = s.duration("lasting", Duration.ofMinutes(1), Recurring.LASTING_MAX, Duration.ofMinutes(1));
        if (!s.has("lasting")) s.problem("lasting", "is missing; say how long each stretch is, such as 10h");
        s.finish();
        try {
            return Optional.of(Recurring.of(cron, zone, lasting));
        } catch (IllegalArgumentException e) {
            if (!cron.isEmpty()) receiver.problem("hours", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static void checkUrl(Section s, String url) {
        try {
            URI uri = new URI(url);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (http && uri.getHost() != null && uri.getUserInfo() == null) return;
        } catch (URISyntaxException e) {
            // the message below covers it
        }
        s.problem("url", "must be http:// or https:// with a host and no password, but was " + url);
    }

    private static Secret secret(Section s, String of) {
        String environment = s.string(of + "-env", "");
        String file = s.string(of + "-file", "");
        if (!environment.isEmpty() && !file.isEmpty()) {
            s.problem(of + "-file", "and " + of + "-env are both given; keep one");
        }
        return new Secret(environment, file);
    }
}
