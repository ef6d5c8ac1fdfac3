package io.tidemark.learn.fit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a fit did and what came of it.
 *
 * @param pretraining reports of the stages before, smallest first; their time is not in this one's
 * @param errors of the kept weights, by part: {@code validation}, {@code test}, …
 * @param references errors of simple rules on the same parts, by {@code part/rule}
 */
@SuppressWarnings("ArrayRecordComponent")
public record FitReport(
        @JsonUnwrapped Subject subject,
        @JsonUnwrapped Machine machine,
        @JsonUnwrapped Setup setup,
        @JsonUnwrapped Course course,
        List<FitReport> pretraining,
        Map<String, Errors> errors,
        Map<String, Errors> references) {

    /**
     * What was trained.
     *
     * @param network the network's name
     * @param specHash {@link io.tidemark.net.network.Network#hash} of what the weights belong to
     * @param input sizes of one input, such as {@code [64, 1]}
     * @param parameters trained numbers
     * @param multiplyAdds multiplications with an addition to score one sample; one is two floating-point operations
     */
    public record Subject(String network, String specHash, int[] input, long parameters, long multiplyAdds) {}

    /**
     * What computed it.
     *
     * @param engine such as {@code djl}
     * @param build library and native versions
     * @param device {@code cpu} or {@code gpu:N}
     */
    public record Machine(String engine, String build, String device) {}

    /**
     * What it began with.
     *
     * @param seed of initial weights, shuffling and augmentation
     * @param batch samples in a step; below the declared batch when memory was short
     * @param trainExamples examples that taught
     * @param validationExamples examples that chose the best epoch
     * @param from the trained network that it took over weights from; null where every weight was drawn by the seed
     */
    public record Setup(
            long seed,
            int batch,
            int trainExamples,
            int validationExamples,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Origin from) {}

    /**
     * What was taken over from a trained network.
     *
     * @param model as the person named it
     * @param carried tensors that were taken over
     * @param anew tensors that began anew
     */
    public record Origin(String model, List<String> carried, List<String> anew) {
        public Origin {
            carried = List.copyOf(carried);
            anew = List.copyOf(anew);
        }
    }

    /**
     * How the training went.
     *
     * @param steps optimiser steps taken
     * @param frozenSteps of these, the first ones, in which some parameters kept their values
     * @param bestEpoch the epoch whose weights are kept
     * @param stopped why training ended
     * @param seconds by the wall clock
     * @param cpuSeconds processor time of the training thread
     * @param curve one entry for each epoch
     */
    public record Course(
            long steps,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) long frozenSteps,
            int bestEpoch,
            Stopped stopped,
            double seconds,
            double cpuSeconds,
            List<Epoch> curve) {
        public Course {
            curve = List.copyOf(curve);
        }
    }

    /** Why training ended. */
    public enum Stopped {
        /** All epochs were done. */
        EPOCHS,
        /** So many steps were allowed. */
        STEPS,
        /** So much processor time was allowed. */
        CPU,
        /** The validation loss went down no more. */
        NO_PROGRESS,
        /** The loss was not finite, again after the learning rate had been lowered. */
        DIVERGED,
        /** The listener asked for it. */
        ASKED,
        /** The weights came in closed form. */
        CLOSED_FORM
    }

    /**
     * @param epoch from 1; 0 are the weights before the first step
     * @param steps optimiser steps since the beginning
     * @param trainLoss mean over the epoch's steps, each before its step; NaN for epoch 0
     * @param validationLoss of the weights at the epoch's end; NaN without a validation part
     * @param learningRate of the epoch's last step
     * @param seconds by the wall clock since the beginning
     * @param cpuSeconds processor time since the beginning
     */
    public record Epoch(
            int epoch,
            long steps,
            double trainLoss,
            double validationLoss,
            double learningRate,
            double seconds,
            double cpuSeconds) {}

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    public FitReport {
        pretraining = List.copyOf(pretraining);
        errors = Collections.unmodifiableMap(new LinkedHashMap<>(errors));
        references = Collections.unmodifiableMap(new LinkedHashMap<>(references));
    }

    /** Errors of the kept weights on a part; {@link Errors#NONE} where it was not measured. */
    public Errors on(String part) {
        return errors.getOrDefault(part, Errors.NONE);
    }

    /** The same with the errors of the kept weights on one more part. */
    public FitReport withErrors(String part, Errors measured) {
        Map<String, Errors> more = new LinkedHashMap<>(errors);
        more.put(part, measured);
        return with(pretraining, more, references);
    }

    /** The same with the errors of a simple rule on a part. */
    public FitReport withReference(String part, String rule, Errors measured) {
        Map<String, Errors> more = new LinkedHashMap<>(references);
        more.put(part + "/" + rule, measured);
        return with(pretraining, errors, more);
    }

    /** The same with the stages that went before. */
    FitReport withPretraining(List<FitReport> stages) {
        return with(stages, errors, references);
    }

    /** The same with what it began with. */
    public FitReport withOrigin(Origin from) {
        Setup began = new Setup(setup.seed(), setup.batch(), setup.trainExamples(), setup.validationExamples(), from);
        return new FitReport(subject, machine, began, course, pretraining, errors, references);
    }

    private FitReport with(List<FitReport> stages, Map<String, Errors> newErrors, Map<String, Errors> newReferences) {
        return new FitReport(subject, machine, setup, course, stages, newErrors, newReferences);
    }

    /** As an object; a number that is not finite is null. */
    public ObjectNode toJson() {
        ObjectNode node = JSON.valueToTree(this);
        nullWhereNotFinite(node);
        return node;
    }

    /** As the text of a file. */
    public String toJsonText() {
        try {
            return JSON.writeValueAsString(toJson()) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void nullWhereNotFinite(com.fasterxml.jackson.databind.JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(field -> {
                if (field.getValue().isDouble()
                        && !Double.isFinite(field.getValue().doubleValue())) {
                    object.putNull(field.getKey());
                } else {
                    nullWhereNotFinite(field.getValue());
                }
            });
        } else {
            node.forEach(FitReport::nullWhereNotFinite);
        }
    }
}
