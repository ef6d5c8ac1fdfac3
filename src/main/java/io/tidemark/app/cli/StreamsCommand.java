package io.tidemark.app.cli;

import io.tidemark.app.node.OwnTopics;
import io.tidemark.app.node.StreamCost;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.StreamText;
import io.tidemark.config.TopicFile;
import io.tidemark.kafka.client.BrokerException;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.TopicEnds;
import io.tidemark.kafka.client.TopicSpec;
import io.tidemark.kafka.client.Topics;
import io.tidemark.net.network.Zoo;
import io.tidemark.role.ingest.IngestRole;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemark streams}: what is declared, whether it can run, and the topics it needs. */
@Command(
        name = "streams",
        description = "Begins, checks, tries, describes, applies and resets streams, and prints the rights they need.",
        subcommands = {
            StreamsInitCommand.class,
            StreamsCommand.Check.class,
            StreamsCommand.Apply.class,
            StreamsCommand.Describe.class,
            StreamsTryCommand.class,
            StreamsAclCommand.class,
            StreamsResetCommand.class,
            StreamsForgetCommand.class
        })
final class StreamsCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say init, check, apply, describe, try, acl, reset or forget");
    }

    /** What each subcommand starts from. */
    abstract static class OnFiles extends CliCommand {
        @Mixin
        TopologyOptions topology = new TopologyOptions();

        @Parameters(paramLabel = "FILE", description = "stream files (default: every file of topology/streams)")
        List<Path> files = new ArrayList<>();

        /** The checked streams; every problem of every stream is reported at once. */
        List<StreamCost> costs() {
            List<StreamSpec> streams = files.isEmpty() ? topology.declaredStreams() : StreamFile.readAll(files);
            Zoo zoo = Zoo.load(topology.zoo());
            List<StreamCost> costs =
                    streams.stream().map(stream -> StreamCost.of(stream, zoo)).toList();
            List<String> problems = new ArrayList<>();
            costs.forEach(cost -> cost.problems()
                    .forEach(problem -> problems.add("stream " + cost.stream().name() + ": " + problem)));
            if (!problems.isEmpty()) throw wrong(String.join("\n", problems));
            return costs;
        }
    }

    /** {@code tidemark streams check}. */
    @Command(
            name = "check",
            description =
                    "Reads stream files, reports every mistake with file and line, and says what each stream will need.",
            footer = {"", "Example:", "  tidemark streams check topology/streams/pumps.yaml"})
    static final class Check extends OnFiles {
        @Override
        public Integer call() {
            List<StreamCost> costs = costs();
            costs.forEach(cost -> out().println(cost.describe()));
            out().println(costs.size() + (costs.size() == 1 ? " stream is" : " streams are") + " valid");
            return 0;
        }
    }

    /** {@code tidemark streams describe}. */
    @Command(
            name = "describe",
            description =
                    "Shows streams as YAML with every setting and whether it has its default; written to a file, it is the same stream.",
            footer = {"", "Example:", "  tidemark streams describe topology/examples/nab.yaml"})
    static final class Describe extends OnFiles {
        @Override
        public Integer call() {
            boolean further = false;
            for (StreamCost cost : costs()) {
                if (further) out().println("---");
                further = true;
                cost.describe().lines().forEach(line -> out().println("#" + line));
                out().print(StreamText.describe(cost.stream()));
            }
            return 0;
        }
    }

    /** {@code tidemark streams apply}. */
    @Command(
            name = "apply",
            description = "Creates the topics that Tidemark owns, and checks that the streams' input topics exist.",
            footer = {
                "",
                "Example:",
                "  tidemark streams apply topology/streams/pumps.yaml --bootstrap localhost:9092",
                "  tidemark streams apply --no-create --bootstrap localhost:9092   prints the commands instead"
            })
    static final class Apply extends OnFiles {
        @Mixin
        ConnectionOptions connection = new ConnectionOptions();

        @Option(
                names = "--no-create",
                description = "create nothing: print the commands for the missing topics and exit 1")
        boolean noCreate;

        @Option(
                names = "--partitions",
                paramLabel = "N",
                defaultValue = "0",
                description =
                        "partitions of Tidemark's topics, fixed at the first apply (default: as topics.yaml says)")
        int partitions;

        @Option(
                names = "--replication",
                paramLabel = "N",
                defaultValue = "-1",
                description = "copies of each partition (default: the cluster's own)")
        short replication;

        @Override
        public Integer call() {
            List<StreamCost> costs = costs();
            KafkaConnection kafka = connection.await();
            try (Admin admin = kafka.admin();
                    Consumer<byte[], byte[]> consumer = kafka.consumer(Map.of())) {
                Topics topics = new Topics(admin, Duration.ofSeconds(30));
                List<TopicSpec> owned =
                        OwnTopics.specs(TopicFile.read(topology.topics(), partitions), kafka.names(), replication);
                if (noCreate) {
                    List<TopicSpec> missing = topics.missing(owned);
                    Topics.commands(missing, kafka.bootstrap()).forEach(out()::println);
                    return missing.isEmpty() ? 0 : 1;
                }
                List<TopicSpec> created = topics.create(owned);
                out().println(created.size() + " topics created, " + (owned.size() - created.size()) + " were there");
                for (StreamCost cost : costs) {
                    String input = cost.stream().input().topic();
                    boolean there =
                            topics.missing(List.of(TopicSpec.of(input, 1))).isEmpty();
                    out().println("stream " + cost.stream().name() + ": input topic " + input
                            + (there ? " is there" + held(kafka, consumer, input) : " does not exist yet"));
                }
            }
            out().println("next: tidemark run; one that runs already takes new streams up when it is started again");
            return 0;
        }

        /** As far as the rights of who asks let it see. */
        private static boolean isRead(KafkaConnection kafka, String topic) {
            try {
                return IngestRole.hasBegun(kafka, topic);
            } catch (BrokerException e) {
                return false;
            }
        }

        /** What a first start may begin with. */
        private static String held(KafkaConnection kafka, Consumer<?, ?> consumer, String topic) {
            if (isRead(kafka, topic)) return ", and is read already";
            long records = TopicEnds.length(consumer, topic);
            return records == 0
                    ? ""
                    : String.format(
                            Locale.ROOT,
                            ", with %,d records; a first run reads them with --start earliest, and knows then what"
                                    + " is usual",
                            records);
        }
    }
}
