package io.tidemark.role.retrain;

import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** A queue that knows the one job it has given out. */
abstract class HandQueue implements JobQueue {
    private @Nullable ConsumerRecord<byte[], byte[]> hand;

    /** The next job; null when none came in time. */
    abstract @Nullable ConsumerRecord<byte[], byte[]> take(Duration within);

    /** How often the job that was just taken has been given out, this time included. */
    abstract int deliveries(ConsumerRecord<byte[], byte[]> taken);

    @Override
    public final Optional<Delivery> next(Duration within) {
        if (hand != null) throw new IllegalStateException("a job is in hand; finish it first");
        ConsumerRecord<byte[], byte[]> taken = take(within);
        hand = taken;
        return taken == null ? Optional.empty() : Optional.of(Delivery.of(taken, deliveries(taken)));
    }

    @Override
    public final boolean holds() {
        return hand != null;
    }

    final ConsumerRecord<byte[], byte[]> inHand() {
        if (hand == null) throw new IllegalStateException("no job is in hand");
        return hand;
    }

    /** The job in hand, given out to this worker again. */
    final void hold(ConsumerRecord<byte[], byte[]> again) {
        hand = again;
    }

    final void letGo() {
        hand = null;
    }
}
