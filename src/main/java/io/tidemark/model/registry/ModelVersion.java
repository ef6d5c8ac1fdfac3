package io.tidemark.model.registry;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The manifest of one trained version: where it comes from and which pieces its weights are made of.
 *
 * @param format {@value #FORMAT}; 1 is read too, and has neither lineage nor job
 * @param stream the stream it watches
 * @param network the network's name
 * @param version counts from 1 for each stream and network; 0 in a draft, before the registry has given it a number
 * @param specHash {@link io.tidemark.net.network.Network#hash} of what the weights belong to
 * @param spec {@link io.tidemark.net.network.Network#canonical}, for people
 * @param features values in a row
 * @param seed of initial weights and batch draws
 * @param parent the version whose training it continues; 0 for none
 * @param engine what trained it, such as {@code dl4j/cpu 1.0.0-M2.1}
 * @param rowsTaught rows of the stream that had taught when it was made
 * @param rowsWithheld rows that had not
 * @param loss running mean of the training loss
 * @param lastTimeMs event time of the newest row that taught; epoch milliseconds
 * @param referenceSamples held-out examples that the reference errors were measured on
 * @param referenceMedian median of the aggregated error on them, in scale units; NaN when there were none
 * @param referenceUpper nine in ten of these errors are below
 * @param lineage what it can be made anew from; null for one that was imported, or made before lineages were kept
 * @param sha256 of the whole weights file
 * @param chunks its pieces, in order
 * @param job what made it, such as a learner's commit or a retraining's trial: of several publications of one job the first
 *     counts; empty in a version published before jobs had names
 * @param parentJob the job of the version whose training it continues; empty for none
 */
public record ModelVersion(
        int format,
        String stream,
        String network,
        int version,
        String specHash,
        String spec,
        int features,
        long seed,
        int parent,
        String engine,
        long rowsTaught,
        long rowsWithheld,
        double loss,
        long lastTimeMs,
        int referenceSamples,
        double referenceMedian,
        double referenceUpper,
        @Nullable Lineage lineage,
        String sha256,
        List<Chunk> chunks,
        String job,
        String parentJob) {
    public static final int FORMAT = 2;
    /** The highest number of a version. */
    public static final int NUMBER_MAX = 999_999_999;

    private static final ObjectMapper JSON = new ObjectMapper()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(SerializationFeature.INDENT_OUTPUT);

    public ModelVersion {
        checkNumber(version);
        new ModelId(stream, network);
        Objects.requireNonNull(specHash, "a manifest must have a specHash");
        Objects.requireNonNull(spec, "a manifest must have a spec");
        Objects.requireNonNull(engine, "a manifest must have an engine");
        Objects.requireNonNull(sha256, "a manifest must have a sha256");
        chunks = List.copyOf(chunks);
        job = Objects.requireNonNullElse(job, "");
        parentJob = Objects.requireNonNullElse(parentJob, "");
        if (!job.matches("[A-Za-z0-9._-]{0,200}")) {
            throw new IllegalArgumentException(
                    "a job is named in at most 200 letters, digits, '.', '_' and '-', but was " + job);
        }
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
        if (!sha256.matches("[0-9a-f]{64}")) throw new DamagedModelException("a manifest must have a sha256");
        if (bytes() > Chunk.CONTENT_BYTES_MAX) {
            throw new DamagedModelException(
                    "its chunks are " + bytes() + " bytes together, over " + Chunk.CONTENT_BYTES_MAX);
        }
        return this;
    }

    @JsonIgnore
    public ModelId id() {
        return new ModelId(stream, network);
    }

    /** Length of the weights file. */
    @JsonIgnore
    public long bytes() {
        return chunks.stream().mapToLong(Chunk::bytes).sum();
    }

    /** As people write it: {@code STREAM/NETWORK@VERSION}. */
    @JsonIgnore
    public String label() {
        return stream + "/" + network + "@" + version;
    }

    /** The same under another version number and parent, which is how an exported model is imported. */
    public ModelVersion as(int newVersion, int newParent) {
        return with(newVersion, newParent, sha256, chunks, job, parentJob);
    }

    /** The same as the work of another job. */
    public ModelVersion by(String newJob, String newParentJob) {
        return with(version, parent, sha256, chunks, newJob, newParentJob);
    }

    /** The same as it comes into another installation or stream: without a number and a lineage there. */
    public ModelVersion imported(String toStream, String toNetwork, String newJob) {
        return new ModelVersion(
                FORMAT,
                toStream,
                toNetwork,
                0,
                specHash,
                spec,
                features,
                seed,
                0,
                engine,
                rowsTaught,
                rowsWithheld,
                loss,
                lastTimeMs,
                referenceSamples,
                referenceMedian,
                referenceUpper,
                null,
                sha256,
                chunks,
                newJob,
                job);
    }

    /** The same with the pieces of a weights file. */
    ModelVersion of(byte[] weights) {
        return with(version, parent, Chunk.sha256(weights), Chunk.of(weights), job, parentJob);
    }

    private ModelVersion with(
            int newVersion,
            int newParent,
            String newSha256,
            List<Chunk> newChunks,
            String newJob,
            String newParentJob) {
        return new ModelVersion(
                format,
                stream,
                network,
                newVersion,
                specHash,
                spec,
                features,
                seed,
                newParent,
                engine,
                rowsTaught,
                rowsWithheld,
                loss,
                lastTimeMs,
                referenceSamples,
                referenceMedian,
                referenceUpper,
                lineage,
                newSha256,
                newChunks,
                newJob,
                newParentJob);
    }

    /** The record's key: two manifests of one version both survive compaction, and the first in the log counts. */
    String key() {
        return "model/" + stream + "/" + network + "/" + version + "/" + sha256;
    }

    /** The key of one of its pieces: named after the job, which is known before the version's number is. */
    String chunkKey(String hash) {
        return "chunk/" + stream + "/" + network + "/" + (job.isEmpty() ? version : job) + "/" + hash;
    }

    public byte[] toJson() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @throws DamagedModelException when it is not a manifest of a known format */
    public static ModelVersion fromJson(byte[] json) {
        try {
            ModelVersion version = JSON.readValue(json, ModelVersion.class);
            if (version == null) throw new DamagedModelException("a manifest must be a JSON object");
            return version.published();
        } catch (IOException | IllegalArgumentException e) {
            throw new DamagedModelException("a manifest cannot be read: " + e.getMessage(), e);
        }
    }
}
