package io.tidemark.role.worker;

import io.tidemark.model.inference.PendingSample;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.Wire;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** One record of a poll on its way to its inference; reused from poll to poll. */
final class PolledSample {
    private static final int STEP_AT = 6;

    final PendingSample pending = new PendingSample();
    private @Nullable ConsumerRecord<byte[], byte[]> record;
    /** Why it goes to the dead letters; null when it does not. */
    @Nullable
    SampleReason reason;

    /** Said of the reason, in a sentence. */
    String detail = "";
    /** Whether the step could be read, so that there will be an inference. */
    boolean readable;

    ConsumerRecord<byte[], byte[]> record() {
        ConsumerRecord<byte[], byte[]> current = record;
        if (current == null) throw new IllegalStateException("the slot is empty");
        return current;
    }

    void read(ConsumerRecord<byte[], byte[]> next) {
        record = next;
        reason = null;
        detail = "";
        readable = true;
        byte[] value = next.value();
        if (value == null) {
            dead(SampleReason.MALFORMED, "the record has no value");
            readable = false;
            return;
        }
        try {
            pending.read(value);
        } catch (RuntimeException e) { // whatever a decoder trips over, the record is to blame
            dead(SampleReason.MALFORMED, String.valueOf(e.getMessage()));
            readable = salvage(value);
        }
    }

    /** Reads the step of a record whose rows cannot be read. */
    private boolean salvage(byte[] value) {
        try {
            Step step = new Step();
            step.read(Wire.reader(value).skip(STEP_AT));
            pending.fail(step, detail);
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    void dead(SampleReason why, String sentence) {
        reason = why;
        detail = sentence;
    }

    /** Lets go of the record. */
    void clear() {
        record = null;
        pending.clear();
    }
}
