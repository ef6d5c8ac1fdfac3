package io.tidemark.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.app.bench.ResidentMemory;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.EngineException;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.Zoo;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark bench memory}. */
@Command(
        name = "memory",
        header = "Watches resident memory while an engine trains and scores.",
        description = {
            "Resident memory of this process while an engine trains and scores in turn, swaps weights and opens replicas anew,",
            "after each tenth of the time."
        },
        footer = {"", "Example:", "  tidemark bench memory --engine djl --for 10m --json"})
final class BenchMemoryCommand extends CliCommand {
    private static final double MIB = 1 << 20;

    @Mixin
    private TopologyOptions topology = new TopologyOptions();

    @Mixin
    private EngineOptions engines = new EngineOptions();

    @Option(
            names = "--networks",
            split = ",",
            paramLabel = "NAME",
            defaultValue = "dense-ae,lstm-ae,lstm-forecaster",
            description = "networks of the zoo, with one value in a row (default: ${DEFAULT-VALUE})")
    private List<String> networks = new ArrayList<>();

    @Option(
            names = "--for",
            paramLabel = "TIME",
            defaultValue = "10m",
            description = "how long, such as 90s (default: ${DEFAULT-VALUE})")
    private Duration lasts = Duration.ofMinutes(10);

    @Option(names = "--json", description = "print one JSON object a line, growth last")
    private boolean json;

    @Override
    public Integer call() {
        ResidentMemory.unreadable().ifPresent(why -> {
            throw new EngineException(why);
        });
        Zoo zoo = Zoo.load(topology.zoo());
        List<Network> bound = new ArrayList<>();
        try {
            for (String name : networks) bound.add(zoo.spec(name).bind(1));
        } catch (IllegalArgumentException e) {
            throw wrong("--networks: " + e.getMessage());
        }
        PrintWriter out = out();
        try (Engine opened = engines.open()) {
            if (!json) {
                out.printf(
                        Locale.ROOT,
                        "%9s %13s %16s %12s %14s%n",
                        "seconds",
                        "resident MiB",
                        "of it heap MiB",
                        "steps",
                        "windows");
            }
            double growth = new ResidentMemory(opened, bound, lasts).run(sample -> print(out, sample));
            if (json) out.println(line(Map.of("engine", opened.info().label(), "growth", growth)));
            else {
                out.printf(Locale.ROOT, "%ngrowth from the second line to the last: %.1f %%%n", growth * 100);
            }
            out.flush();
        } catch (IllegalArgumentException e) {
            throw wrong("--" + e.getMessage());
        }
        return 0;
    }

    private void print(PrintWriter out, ResidentMemory.Sample sample) {
        if (json) out.println(line(sample));
        else {
            out.printf(
                    Locale.ROOT,
                    "%9.1f %13.1f %16.1f %12d %14d%n",
                    sample.seconds(),
                    sample.residentBytes() / MIB,
                    sample.heapBytes() / MIB,
                    sample.steps(),
                    sample.windows());
        }
        out.flush();
    }

    private static String line(Object value) {
        try {
            return new ObjectMapper().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a sample is plain values", e);
        }
    }
}
