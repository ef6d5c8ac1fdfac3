package io.tidemark.role.retrain;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.series.sample.MalformedRecordException;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One network to train anew, as a record of {@code jobs} holds it in JSON. Everything that decides the result is in it, so that
 * any worker gives the same one.
 *
 * @param format 1
 * @param until the first offset of {@code training} and of {@code gates} that it does not read, by topic without
 *     prefix, as they stood when it was queued; null in a job from before there were any, which reads up to what is
 *     there
 * @param jobs jobs of the whole run, so that a reader knows when it is complete
 */
public record RetrainJob(
        int format,
        @JsonUnwrapped Name name,
        @JsonUnwrapped Period history,
        @JsonUnwrapped TrainingPlan plan,
        @Nullable Map<String, Long> until,
        int jobs) {

    /**
     * What tells it from all other jobs.
     *
     * @param stream whose history is read
     * @param network a network of the zoo
     * @param trial tells the trainings of one network apart; counts from 0
     * @param scheduledMs when the run was due; epoch milliseconds. Two schedulers that see the same due time make the
     *     same jobs
     */
    public record Name(String stream, String network, int trial, long scheduledMs) {}

    public static final int FORMAT = 1;
    /** The most optimiser steps of a training. */
    static final int STEPS_MAX = 10_000_000;
    /** The most that is held out of a training. */
    static final double HOLDOUT_MAX = 0.3;
    /** The most settings of a search. */
    static final int CANDIDATES_MAX = 256;

    private static final DateTimeFormatter DUE =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final ObjectMapper JSON = new ObjectMapper()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    public RetrainJob {
        if (format != FORMAT) {
            throw new IllegalArgumentException("a job has format " + format
                    + ", which this Tidemark does not know; run the version that wrote it, or a later one");
        }
        if (name.stream() == null
                || name.network() == null
                || name.stream().isEmpty()
                || name.network().isEmpty()) {
            throw new IllegalArgumentException("a job must name its stream and its network");
        }
        if (history.fromMs() >= history.toMs()) {
            throw new IllegalArgumentException("a job's history must begin before it ends, but was "
                    + Instant.ofEpochMilli(history.fromMs()) + " to " + Instant.ofEpochMilli(history.toMs()));
        }
        if (plan.steps() < 1 || plan.candidates() < 1 || name.trial() < 0 || jobs < 1) {
            throw new IllegalArgumentException(
                    "a job's steps, candidates and jobs must be at least 1, and its trial at least 0");
        }
        requireHoldout("a job's holdout", plan.holdout());
        if (until != null) {
            if (!until.keySet().equals(HistoryReader.TOPICS)) {
                throw new IllegalArgumentException(
                        "a job's until must name " + HistoryReader.TOPICS + ", but names " + until.keySet());
            }
            until = Map.copyOf(until);
        }
        if (plan.steps() > STEPS_MAX || plan.candidates() > CANDIDATES_MAX) {
            throw new IllegalArgumentException("a job may have " + STEPS_MAX + " steps and " + CANDIDATES_MAX
                    + " candidates, but had " + plan.steps() + " and " + plan.candidates());
        }
    }

    /** Names the run it belongs to: {@code STREAM.DUE-TIME}, the time to the millisecond in UTC. */
    @JsonIgnore
    public String run() {
        return name.stream() + "." + DUE.format(Instant.ofEpochMilli(name.scheduledMs()));
    }

    /** Names the job: {@code STREAM.DUE-TIME.NETWORK.TRIAL}. Whoever publishes first for an id has published for good. */
    @JsonIgnore
    public String id() {
        return run() + "." + name.network() + "." + name.trial();
    }

    /** @throws IllegalArgumentException when a share cannot be held out, under this name */
    static void requireHoldout(String name, double holdout) {
        if (!(holdout >= 0 && holdout <= HOLDOUT_MAX)) {
            throw new IllegalArgumentException(name + " must be in [0, " + HOLDOUT_MAX + "], but was " + holdout);
        }
    }

    /** The same, of the records that are there now. */
    RetrainJob until(Map<String, Long> ends) {
        return new RetrainJob(format, name, history, plan, ends, jobs);
    }

    public byte[] toJson() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @throws MalformedRecordException when the bytes are not a job */
    public static RetrainJob fromJson(byte[] json) {
        try {
            RetrainJob job = JSON.readValue(json, RetrainJob.class);
            if (job == null) throw new MalformedRecordException("a retrain job must be a JSON object, but was null");
            return job;
        } catch (IOException | IllegalArgumentException e) {
            throw new MalformedRecordException("not a retrain job: " + e.getMessage());
        }
    }
}
