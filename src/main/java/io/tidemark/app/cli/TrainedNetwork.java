package io.tidemark.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.model.registry.Model;
import io.tidemark.model.registry.ModelFiles;
import io.tidemark.model.registry.ModelVersion;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.engine.Safetensors;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.Transfer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code --from} names: a folder that {@code networks fit} wrote, the weights in it, or a file of {@code models export}.
 *
 * @param model as the person named it
 * @param network as it was trained, bound to what it was trained on
 */
record TrainedNetwork(String model, Transfer.Part part, Network network, NetworkState state) {
    private static final String ENCODER = ":encoder";
    private static final String WEIGHTS = ".safetensors";
    private static final Pattern IMAGE = Pattern.compile("(?m)^image \\[(\\d+), (\\d+), (\\d+)]$");

    /**
     * @param zoo the network of a name
     * @throws IOException when there is no such model, or the network is declared otherwise now; says so in a sentence
     */
    static TrainedNetwork read(String model, Function<String, NetworkSpec> zoo) throws IOException {
        boolean encoder = model.endsWith(ENCODER);
        String path = encoder ? model.substring(0, model.length() - ENCODER.length()) : model;
        Transfer.Part part = encoder ? Transfer.Part.ENCODER : Transfer.Part.ALL;
        Path file = Path.of(path);
        if (!Files.exists(file)) {
            throw new IOException(
                    "there is no " + path + " to begin with; name a folder of networks fit or a file of models export");
        }
        boolean fitted = Files.isDirectory(file) || path.endsWith(WEIGHTS);
        return fitted ? fitted(model, part, file, zoo) : exported(model, part, file, zoo);
    }

    private static TrainedNetwork fitted(String model, Transfer.Part part, Path file, Function<String, NetworkSpec> zoo)
            throws IOException {
        Path report = Files.isDirectory(file) ? file.resolve("report.json") : file.resolveSibling("report.json");
        if (!Files.isRegularFile(report)) {
            throw new IOException(report + " is not there, so nothing says what " + file
                    + " was trained on; name a folder that networks fit wrote");
        }
        JsonNode told = new ObjectMapper().readTree(Files.readAllBytes(report));
        String name = told.path("network").asText();
        NetworkSpec spec = zoo.apply(name);
        int[] input = new int[told.path("input").size()];
        for (int i = 0; i < input.length; i++)
            input[i] = told.path("input").path(i).asInt();
        boolean images = spec.input() == NetworkSpec.Input.IMAGE;
        if (input.length != (images ? 3 : 2)) {
            throw new IOException(report + " says that " + name + " reads " + Arrays.toString(input)
                    + ", which the network of that name does not; train it anew");
        }
        Network network = images ? spec.bind(input[0], input[1], input[2]) : spec.bind(input[1]);
        Path weights = Files.isDirectory(file) ? file.resolve(name + WEIGHTS) : file;
        return checked(model, part, network, Safetensors.read(Files.readAllBytes(weights)));
    }

    private static TrainedNetwork exported(
            String model, Transfer.Part part, Path file, Function<String, NetworkSpec> zoo) throws IOException {
        Model read = ModelFiles.read(file);
        ModelVersion.Architecture trained = read.manifest().architecture();
        NetworkSpec spec = zoo.apply(read.manifest().id().network());
        Matcher image = IMAGE.matcher(trained.spec());
        Network network = spec.input() == NetworkSpec.Input.IMAGE && image.find()
                ? spec.bind(size(image, 1), size(image, 2), size(image, 3))
                : spec.bind(trained.features());
        return checked(model, part, network, read.weights());
    }

    private static int size(Matcher image, int group) {
        return Integer.parseInt(image.group(group));
    }

    private static TrainedNetwork checked(String model, Transfer.Part part, Network network, NetworkState state)
            throws IOException {
        if (state.specHash().equals(network.hash())) return new TrainedNetwork(model, part, network, state);
        throw new IOException(model + " was trained when network "
                + network.spec().name() + " was declared otherwise; restore that file of the zoo or train it anew");
    }
}
