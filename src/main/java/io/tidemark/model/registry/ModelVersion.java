package io.tidemark.model.registry;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.learn.learning.ReferenceErrors;
import io.tidemark.net.network.Network;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The manifest of one trained version: where it comes from and which pieces its weights are made of.
 *
 * @param format {@value #FORMAT}; 1 is read too, and has neither lineage nor job
 * @param id the stream it watches and the network's name
 * @param version counts from 1 for each stream and network; 0 in a draft, before the registry has given it a number
 * @param reference how it errs on held-out examples
 */
public record ModelVersion(
        int format,
        @JsonUnwrapped ModelId id,
        int version,
        @JsonUnwrapped Architecture architecture,
        @JsonUnwrapped Origin origin,
        @JsonUnwrapped Training training,
        @JsonUnwrapped ReferenceErrors reference,
        @JsonUnwrapped Weights weights) {

    /**
     * What its weights belong to.
     *
     * @param specHash {@link Network#hash} of what the weights belong to
     * @param spec {@link Network#canonical}, for people
     * @param features values in a row
     */
    public record Architecture(String specHash, String spec, int features) {
        public static Architecture of(Network network) {
            return new Architecture(network.hash(), network.canonical(), network.features());
        }

        public Architecture {
            Objects.requireNonNull(specHash, "a manifest must have a specHash");
            Objects.requireNonNull(spec, "a manifest must have a spec");
        }
    }

    /**
     * Where it comes from.
     *
     * @param parent the version whose training it continues; 0 for none
     * @param lineage what it can be made anew from; null for one that was imported, or made before lineages were kept
     * @param job what made it, such as a learner's commit or a retraining's trial: of several publications of one job
     *     the first counts; empty in a version published before jobs had names
     * @param parentJob the job of the version whose training it continues; empty for none
     */
    public record Origin(int parent, @Nullable Lineage lineage, String job, String parentJob) {
        public Origin {
            job = Objects.requireNonNullElse(job, "");
            parentJob = Objects.requireNonNullElse(parentJob, "");
            if (!job.matches("[A-Za-z0-9._-]{0,200}")) {
                throw new IllegalArgumentException(
                        "a job is named in at most 200 letters, digits, '.', '_' and '-', but was " + job);
            }
        }

        private Origin of(int newParent) {
            return new Origin(newParent, lineage, job, parentJob);
        }
    }

    /**
     * How it was trained.
     *
     * @param seed of initial weights and batch draws
     * @param engine what trained it, such as {@code dl4j/cpu 1.0.0-M2.1}
     * @param rowsTaught rows of the stream that had taught when it was made
     * @param rowsWithheld rows that had not
     * @param loss running mean of the training loss
     * @param lastTimeMs event time of the newest row that taught; epoch milliseconds
     */
    public record Training(long seed, String engine, long rowsTaught, long rowsWithheld, double loss, long lastTimeMs) {
        public Training {
            Objects.requireNonNull(engine, "a manifest must have an engine");
        }
    }

    /**
     * The weights file.
     *
     * @param sha256 of the whole weights file
     * @param chunks its pieces, in order
     */
    public record Weights(String sha256, List<Chunk> chunks) {
        public Weights {
            Objects.requireNonNull(sha256, "a manifest must have a sha256");
            chunks = List.copyOf(chunks);
        }

        /** Those of a draft. */
        public static final Weights NONE = new Weights("", List.of());

        static Weights of(byte[] file) {
            return new Weights(Chunk.sha256(file), Chunk.of(file));
        }

        /** Length of the file. */
        @JsonIgnore
        public long bytes() {
            return chunks.stream().mapToLong(Chunk::bytes).sum();
        }
    }

    public static final int FORMAT = 2;
    /** The highest number of a version. */
    public static final int NUMBER_MAX = 999_999_999;

    /** The first fields of a manifest, which lies flat, in order: lineages name a manifest by the hash of its bytes. */
    private static final List<String> FIELDS = List.of(
            "format",
            "stream",
            "network",
            "version",
            "specHash",
            "spec",
            "features",
            "seed",
            "parent",
            "engine",
            "rowsTaught",
            "rowsWithheld",
            "loss",
            "lastTimeMs",
            "referenceSamples",
            "referenceMedian",
            "referenceUpper",
            "lineage",
            "sha256",
            "chunks",
            "job",
            "parentJob");

    public ModelVersion {
        checkNumber(version);
    }

    static void checkNumber(int version) {
        if (version < 0 || version > NUMBER_MAX) {
            throw new IllegalArgumentException(
                    "a model's version must be in [0, " + NUMBER_MAX + "], but was " + version);
        }
    }

    /** As a record or a file must have it: of a known format, and with the hash of its weights. */
    ModelVersion published() {
        if (format < 1 || format > FORMAT) {
            throw new DamagedModelException(RegistryJson.unknownFormat("a manifest", format));
        }
        if (!weights.sha256().matches("[0-9a-f]{64}")) throw new DamagedModelException("a manifest must have a sha256");
        if (weights.bytes() > Chunk.CONTENT_BYTES_MAX) {
            throw new DamagedModelException(
                    "its chunks are " + weights.bytes() + " bytes together, over " + Chunk.CONTENT_BYTES_MAX);
        }
        return this;
    }

    /** As people write it: {@code STREAM/NETWORK@VERSION}. */
    @JsonIgnore
    public String label() {
        return id.stream() + "/" + id.network() + "@" + version;
    }

    /** The same under another version number and parent, which is how an exported model is imported. */
    public ModelVersion as(int newVersion, int newParent) {
        return with(newVersion, origin.of(newParent), weights);
    }

    /** The same as the work of another job. */
    public ModelVersion by(String newJob, String newParentJob) {
        return with(version, new Origin(origin.parent(), origin.lineage(), newJob, newParentJob), weights);
    }

    /** The same as it comes into another installation or stream: without a number and a lineage there. */
    public ModelVersion imported(ModelId to, String newJob) {
        Origin foreign = new Origin(0, null, newJob, origin.job());
        return new ModelVersion(FORMAT, to, 0, architecture, foreign, training, reference, weights);
    }

    /** The same with the pieces of a weights file. */
    ModelVersion of(byte[] file) {
        return with(version, origin, Weights.of(file));
    }

    private ModelVersion with(int newVersion, Origin newOrigin, Weights newWeights) {
        return new ModelVersion(format, id, newVersion, architecture, newOrigin, training, reference, newWeights);
    }

    /** The record's key: two manifests of one version both survive compaction, and the first in the log counts. */
    String key() {
        return "model/" + id.stream() + "/" + id.network() + "/" + version + "/" + weights.sha256();
    }

    /** The key of one of its pieces: named after the job, which is known before the version's number is. */
    String chunkKey(String hash) {
        return "chunk/" + id.stream() + "/" + id.network() + "/" + (origin.job().isEmpty() ? version : origin.job())
                + "/" + hash;
    }

    public byte[] toJson() {
        try {
            ObjectNode fields = RegistryJson.JSON.valueToTree(this);
            ObjectNode ordered = RegistryJson.JSON.createObjectNode();
            for (String field : FIELDS) ordered.set(field, fields.get(field));
            ordered.setAll(fields);
            return RegistryJson.JSON.writeValueAsBytes(ordered);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @throws DamagedModelException when it is not a manifest of a known format */
    public static ModelVersion fromJson(byte[] json) {
        try {
            ModelVersion version = RegistryJson.JSON.readValue(json, ModelVersion.class);
            if (version == null) throw new DamagedModelException("a manifest must be a JSON object");
            return version.published();
        } catch (IOException | IllegalArgumentException e) {
            throw new DamagedModelException("a manifest cannot be read: " + e.getMessage(), e);
        }
    }
}
