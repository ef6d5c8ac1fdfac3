package io.tidemark.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.tidemark.app.bench.EngineSpeed;
import io.tidemark.app.bench.ReferenceNetworks;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.EngineException;
import io.tidemark.net.engine.EngineProvider;
import io.tidemark.net.engine.Engines;
import io.tidemark.net.engine.NvidiaCard;
import io.tidemark.net.network.Zoo;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark bench engines}. */
@Command(
        name = "engines",
        header = "Measures each engine beside a loop written on its library alone.",
        description = {
            "Training steps and scored windows a CPU second of each network on each engine and device here,",
            "beside a loop written on the engine's library alone, both in turn in the same run."
        },
        footer = {
            "",
            "A CPU second is processor time of the Java threads, on which engines compute; garbage collection and compilation",
            "are left out and named in --json (jvmShare). On a GPU it is a second of the clock. 'of bare' is Tidemark's speed over",
            "the library's: 1.00 is as fast, more is faster.",
            "",
            "Examples:",
            "  tidemark bench engines",
            "  tidemark bench engines --networks dense-ae,ref-lstm-ae --batch 32,256 --json",
            "  tidemark bench engines --engine djl --device gpu:0 --seconds 5"
        })
final class BenchEnginesCommand extends CliCommand {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING);

    @Mixin
    private TopologyOptions topology = new TopologyOptions();

    @Option(
            names = "--networks",
            split = ",",
            paramLabel = "NAME",
            description = "networks of the zoo, and ref-dense-784, ref-lstm-ae, ref-lstm-forecaster (default: all)")
    private List<String> networks = new ArrayList<>();

    @Option(
            names = "--features",
            paramLabel = "N",
            defaultValue = "1",
            description = "values in a row of the zoo's networks (default: ${DEFAULT-VALUE})")
    private int features;

    @Option(
            names = "--batch",
            split = ",",
            paramLabel = "N",
            defaultValue = "1,32,256,1024",
            description = "samples in a call (default: ${DEFAULT-VALUE})")
    private List<Integer> batches = new ArrayList<>();

    @Option(
            names = "--engine",
            split = ",",
            paramLabel = "NAME",
            description = "dl4j, djl (default: every one that is usable)")
    private List<String> engines = new ArrayList<>();

    @Option(
            names = "--device",
            split = ",",
            paramLabel = "NAME",
            description = "cpu, gpu:N (default: the CPU and every card)")
    private List<String> devices = new ArrayList<>();

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "2",
            description = "seconds of each loop with each batch (default: ${DEFAULT-VALUE})")
    private double seconds;

    @Mixin
    private JsonOption json = new JsonOption();

    @Override
    public Integer call() {
        EngineSpeed.Settings settings = settings();
        List<EngineSpeed.Subject> subjects = subjects();
        List<Engine> opened = new ArrayList<>();
        try {
            open(opened);
            if (opened.isEmpty()) throw new EngineException("no engine is usable here; the lines above say why");
            if (!json.isGiven()) head();
            EngineSpeed bench = new EngineSpeed(settings, this::say);
            bench.run(opened, subjects, this::print);
        } finally {
            for (Engine engine : opened) engine.close();
        }
        return 0;
    }

    private EngineSpeed.Settings settings() {
        try {
            return new EngineSpeed.Settings(batches, seconds);
        } catch (IllegalArgumentException e) {
            throw wrong("--" + e.getMessage());
        }
    }

    private List<EngineSpeed.Subject> subjects() {
        List<EngineSpeed.Subject> all = new ArrayList<>();
        for (Zoo.Entry entry : Zoo.load(topology.zoo()).entries().values()) {
            all.add(new EngineSpeed.Subject(entry.spec(), features));
        }
        all.addAll(ReferenceNetworks.all());
        if (networks.isEmpty()) return all;
        List<EngineSpeed.Subject> chosen = new ArrayList<>();
        for (String name : networks) {
            chosen.add(all.stream()
                    .filter(subject -> subject.spec().name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> wrong("--networks has no " + name + "; there are "
                            + String.join(
                                    ", ", all.stream().map(s -> s.spec().name()).toList()))));
        }
        return chosen;
    }

    private void open(List<Engine> opened) {
        List<EngineProvider> providers = Engines.available();
        List<String> known = providers.stream().map(EngineProvider::name).toList();
        for (String name : engines) {
            if (known.contains(name)) continue;
            throw wrong("--engine must be of " + String.join(", ", known) + ", but was " + name);
        }
        for (DeviceSpec device : devices()) {
            for (EngineProvider provider : providers) {
                if (!engines.isEmpty() && !engines.contains(provider.name())) continue;
                Optional<String> unusable = provider.unusable(device);
                if (unusable.isPresent()) {
                    say(provider.name() + " is left out on " + device + ": " + unusable.get());
                } else {
                    opened.add(provider.open(device));
                }
            }
        }
    }

    private List<DeviceSpec> devices() {
        List<DeviceSpec> chosen = new ArrayList<>();
        if (devices.isEmpty()) {
            chosen.add(new DeviceSpec.Cpu());
            for (NvidiaCard card : NvidiaCard.present()) chosen.add(new DeviceSpec.Gpu(card.index()));
        }
        try {
            for (String device : devices) chosen.add(DeviceSpec.parse(device));
        } catch (IllegalArgumentException e) {
            throw wrong("--device: " + e.getMessage());
        }
        return chosen;
    }

    private void head() {
        out().printf(
                        Locale.ROOT,
                        "%-22s %-5s %6s %-9s %12s %14s %12s %8s %8s%n",
                        "network",
                        "work",
                        "batch",
                        "engine",
                        "calls/s",
                        "windows/s",
                        "bare calls/s",
                        "of bare",
                        "x dl4j");
    }

    private void print(EngineSpeed.Figure figure) {
        PrintWriter out = out();
        if (json.isGiven()) {
            try {
                out.println(JSON.writeValueAsString(figure));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("a figure is plain values", e);
            }
        } else {
            out.printf(
                    Locale.ROOT,
                    "%-22s %-5s %6d %-9s %12.1f %14.0f %12s %8s %8s%n",
                    figure.setting().network(),
                    figure.setting().work(),
                    figure.setting().batch(),
                    figure.setting().engine(),
                    figure.speed().calls(),
                    figure.speed().windows(),
                    number("%.1f", figure.speed().bareCalls()),
                    number("%.2f", figure.speed().ofBare()),
                    number("%.1f", figure.relative().timesDl4j()));
        }
        out.flush();
    }

    private static String number(String format, @Nullable Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, format, value);
    }
}
