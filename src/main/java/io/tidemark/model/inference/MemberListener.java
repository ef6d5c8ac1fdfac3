package io.tidemark.model.inference;

import io.tidemark.series.sample.Inference;

/** Hears what each member said of each sample. */
public interface MemberListener {
    /**
     * @param member valid during the call
     * @param challenger whether it is a challenger's
     * @param error the aggregated error, the mean over features, in scale units; NaN when it did not score
     * @param championError for a challenger, the champion's on the same sample; NaN when there is none
     */
    void member(Inference.Member member, boolean challenger, double error, double championError);
}
