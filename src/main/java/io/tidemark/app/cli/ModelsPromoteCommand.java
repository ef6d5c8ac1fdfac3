package io.tidemark.app.cli;

import io.tidemark.config.StreamSpec;
import io.tidemark.model.promotion.Decision;
import io.tidemark.model.registry.Deployment;
import io.tidemark.model.registry.Model;
import io.tidemark.model.registry.RegistryCommand;
import io.tidemark.model.registry.RegistryView;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.Engines;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.Zoo;
import io.tidemark.role.learner.ChallengerEvaluation;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark models promote}. */
@Command(
        name = "promote",
        header = "Makes a version the champion.",
        description = {
            "Makes a version the champion. What was champion before can come back with rollback, and does by itself when the stream"
                    + " fares worse (guard in the stream file).",
            "With --check it is judged first, on rows or frames recorded since both versions were trained: alerts, ranking of injected"
                    + " anomalies, tails, cost and usual error; a version that fails is not promoted, exit code 1."
        },
        footer = {
            "",
            "Examples:",
            "  tidemark models promote pumps/dense-ae@17 --why \"half the false alarms in a week of shadow scores\"",
            "  tidemark models promote pumps/dense-ae@17 --check --why \"retrained on the new pumps\"",
            "  tidemark models promote pumps/dense-ae@17 --check --dry-run --why \"only to see the figures\""
        })
final class ModelsPromoteCommand extends ModelsChanges.Replacement {
    @Option(names = "--check", description = "judge it against the champion first")
    private boolean check;

    @Option(names = "--dry-run", description = "with --check: only say what would be done")
    private boolean dryRun;

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "with --check: auto, dl4j or djl (default: ${DEFAULT-VALUE})")
    private String engineName = "auto";

    @Mixin
    private TopologyOptions topology = new TopologyOptions();

    ModelsPromoteCommand() {
        super(RegistryCommand.Action.PROMOTE, true);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (dryRun && !check) throw wrong("--dry-run goes with --check");
        if (!check) return told(super.call());
        ModelsCommand.Name named = named();
        Decision decision = judge(named);
        tell(named, decision);
        if (!(decision instanceof Decision.Promote)) return 1;
        return dryRun ? 0 : told(send(named, why + "; " + decision.why(), decision.figures()));
    }

    private int told(int exitCode) {
        if (exitCode == 0 && !json) {
            out().println(
                            "the guard takes it back if the stream fares worse (guard.watch in the stream file, 10m unless it says"
                                    + " otherwise); tidemark models pin keeps it");
        }
        return exitCode;
    }

    private Decision judge(ModelsCommand.Name named) throws InterruptedException {
        Model challenger = load(named);
        Deployment deployment = RegistryView.read(connection()).deployment(named.id());
        if (deployment.champion() == named.version()) {
            throw new IllegalStateException(named + " is the champion already");
        }
        Model champion = load(new ModelsCommand.Name(named.id(), deployment.opponent(named.version())));
        StreamSpec stream = topology.stream(named.id().stream());
        Network network = Zoo.load(topology.zoo()).spec(named.id().network()).bind(stream);
        try (Engine engine = LastWords.guard(Engines.open(engineName, new DeviceSpec.Cpu()))) {
            return new ChallengerEvaluation(connection(), stream, network, engine).of(champion, challenger);
        }
    }

    private void tell(ModelsCommand.Name named, Decision decision) {
        boolean promote = decision instanceof Decision.Promote;
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("model", named.toString());
            line.put("decision", promote ? "promote" : decision instanceof Decision.TooEarly ? "too-early" : "keep");
            line.put("why", decision.why());
            line.put("figures", new TreeMap<>(decision.figures()));
            out().println(ModelsJson.line(line));
            return;
        }
        out().println(named + (promote ? " may be promoted: " : " is not promoted: ") + decision.why());
        out().printf(Locale.ROOT, "%-16s %12s %12s%n", "", "champion", "challenger");
        new TreeMap<>(decision.figures()).forEach((figure, value) -> {
            if (!figure.startsWith("champion-")) return;
            String which = figure.substring("champion-".length());
            double other = decision.figures().getOrDefault("challenger-" + which, Double.NaN);
            out().printf(Locale.ROOT, "%-16s %12.4f %12.4f%n", which, value, other);
        });
    }
}
