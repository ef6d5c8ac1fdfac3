package io.tidemark.image.decode;

import io.tidemark.series.event.RejectReason;

/**
 * Why a frame cannot be used.
 *
 * @param reason for meters and outcomes
 * @param detail a sentence for people, without the record's content; may be empty
 */
public record Refusal(RejectReason reason, String detail) implements ImageDecoder.Outcome {}
