package io.tidemark.app.cli;

import io.tidemark.image.detect.ImageTeaching;
import io.tidemark.image.detect.MemoryBank;
import io.tidemark.image.detect.PatchBank;
import io.tidemark.learn.pixels.ImageShape;
import io.tidemark.net.network.Network;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a detector of images is made of and how long it is taught. */
public final class ImageTeachingOptions extends CliOptions {
    private static final double HELD_OUT = 0.08;

    @Mixin
    private ImageOptions images = new ImageOptions();

    @Option(
            names = "--network",
            paramLabel = "NAME",
            description =
                    "a network of topology/zoo with input: image (default: the stream's first one, unless --bank is given)")
    private @Nullable String network;

    @Option(names = "--bank", description = "remember normal patches, for each place apart; beside --network or alone")
    private boolean bank;

    @Option(
            names = "--bank-anywhere",
            description = "remember normal patches, all places together: for textures that recur anywhere")
    private boolean bankAnywhere;

    @Option(
            names = "--patch",
            paramLabel = "PIXELS",
            defaultValue = "10",
            description = "side of a patch of the bank (default: ${DEFAULT-VALUE})")
    private int patch;

    @Option(
            names = "--stride",
            paramLabel = "PIXELS",
            defaultValue = "5",
            description = "pixels from one patch to the next (default: ${DEFAULT-VALUE})")
    private int stride;

    @Option(
            names = "--patches",
            paramLabel = "N",
            defaultValue = "3000",
            description = "patches that a bank keeps (default: ${DEFAULT-VALUE})")
    private int patches;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "1000",
            description = "optimiser steps of the network (default: ${DEFAULT-VALUE})")
    private int steps;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "seed of draws, first weights, augmentation and bank (default: ${DEFAULT-VALUE})")
    private long seed;

    /** The images, and what computes. */
    ImageOptions images() {
        return images;
    }

    /** The network's name; empty for a bank alone. */
    Optional<String> name() {
        if (network != null) return Optional.of(network);
        if (bank || bankAnywhere) return Optional.empty();
        return Optional.of(images.stream()
                .flatMap(stream -> stream.networks().stream().findFirst())
                .orElseThrow(() -> wrong("name a --network of the zoo, or --bank, or both")));
    }

    Optional<Network> network(ImageShape shape) {
        return name().map(name -> images.network(name, shape));
    }

    int steps() {
        return steps;
    }

    /** How to teach, with the seed moved on by so much. */
    ImageTeaching teaching(long seedOffset) {
        Optional<PatchBank.Settings> settings = bank || bankAnywhere
                ? Optional.of(new PatchBank.Settings(
                        patch, stride, bankAnywhere, 2 * patches, new MemoryBank.Settings(24, patches)))
                : Optional.empty();
        return new ImageTeaching(settings, steps, HELD_OUT, seed + seedOffset);
    }
}
