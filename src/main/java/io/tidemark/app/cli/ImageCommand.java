package io.tidemark.app.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidemark image}: detectors of images over files, without Kafka. */
@Command(
        name = "image",
        description = "Trains, runs and rates image detectors on files, without Kafka.",
        subcommands = {ImageFitCommand.class, ImageScoreCommand.class, ImageEvaluateCommand.class})
final class ImageCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: fit, score or evaluate");
    }
}
