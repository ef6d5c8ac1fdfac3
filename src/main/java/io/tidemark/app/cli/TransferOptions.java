package io.tidemark.app.cli;

import io.tidemark.learn.fit.Beginning;
import io.tidemark.learn.fit.FitReport;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.Weights;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.Transfer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The trained network that another begins with. */
final class TransferOptions extends CliOptions {
    @Option(
            names = "--from",
            paramLabel = "MODEL[:encoder]",
            description =
                    "a trained network to begin with: a folder that networks fit wrote, or a file of models export; with :encoder only the"
                            + " layers up to the code of an autoencoder, or before the head of a forecaster")
    private @Nullable String from;

    @Option(
            names = "--freeze",
            paramLabel = "SHARE",
            description =
                    "share of the training in which the encoder of --from stays as it is; in [0, 1] (default: 0.1)")
    private @Nullable Double freeze;

    /**
     * What was asked for, checked against the network that is trained.
     *
     * @param share of the training in which the encoder is frozen
     */
    record Plan(TrainedNetwork trained, Transfer transfer, double share) {
        /** @param fresh state of the network that is trained, as its seed gives it */
        Beginning beginning(NetworkState fresh) {
            NetworkState state = Weights.carry(transfer.carried(), trained.state(), fresh);
            return new Beginning(state, transfer.encoder(), share);
        }

        /** For the report. */
        FitReport.Origin origin() {
            return new FitReport.Origin(trained.model(), List.copyOf(transfer.carried()), List.copyOf(transfer.anew()));
        }
    }

    /**
     * Reads what is named; empty when nothing is.
     *
     * @param zoo the network of a name
     * @throws ParameterException when an option is out of bounds
     * @throws IOException when there is no such model, or its network is declared otherwise now
     */
    Optional<TrainedNetwork> read(Function<String, NetworkSpec> zoo) throws IOException {
        if (freeze != null && from == null) throw wrong("--freeze goes with --from");
        if (freeze != null && !(freeze >= 0 && freeze <= 1)) {
            throw wrong("--freeze must be in [0, 1], but was " + freeze);
        }
        return from == null ? Optional.empty() : Optional.of(TrainedNetwork.read(from, zoo));
    }

    /** @throws ParameterException when the networks do not match; says where */
    Plan plan(TrainedNetwork trained, Network network) {
        try {
            Transfer transfer = Transfer.plan(trained.network(), network, trained.part());
            return new Plan(trained, transfer, freeze == null ? Beginning.SHARE : freeze);
        } catch (IllegalArgumentException e) {
            throw wrong("--from " + trained.model() + ": " + e.getMessage());
        }
    }
}
