package io.tidemark.app.cli;

import io.tidemark.app.web.WebConsole;
import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.BrokerException;
import io.tidemark.kafka.client.InstalledTopics;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.metrics.Build;
import io.tidemark.net.network.Zoo;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tidemark console}: the console in a browser, without any role. */
@Command(
        name = "console",
        description = {
            "Shows a running installation live in a browser: incidents, series, models, streams and frames. It reads topics only, so it may run"
                    + " anywhere, and any number of them.",
            "The HTTP API that the page uses is described at /api/v1/openapi.json."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark console --bootstrap kafka:9092",
            "  tidemark console --console-port 9474 --console-auth /run/secrets/console",
        })
final class ConsoleCommand extends KafkaCommand {
    @Mixin
    private ConsoleOptions options = new ConsoleOptions();

    @Mixin
    private TopologyOptions topology = new TopologyOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<StreamSpec> streams = topology.streams();
        Zoo zoo = Files.isDirectory(topology.zoo()) ? Zoo.load(topology.zoo()) : new Zoo(Map.of());
        KafkaConnection kafka = await();
        try (StopSignal stop = new StopSignal();
                WebConsole console = options.startAnyway(kafka, streams, zoo, clock())) {
            say(Build.current() + ": console on " + options.address(console));
            try {
                InstalledTopics.require(kafka, kafka.names().incidents());
            } catch (BrokerException missing) {
                say(missing.getMessage() + "; until then there is nothing to show");
            }
            stop.latch().await();
        }
        return 0;
    }
}
