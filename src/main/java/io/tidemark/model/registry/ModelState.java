package io.tidemark.model.registry;

import java.util.Locale;

/** What a version is for. */
public enum ModelState {
    /** It scores a share of the series beside the champion; its scores are compared, never acted on. */
    CHALLENGER,
    /** It makes the scores. */
    CHAMPION,
    /** It makes the scores, and no learner or retraining replaces it. */
    PINNED,
    /** It does not score. It stays readable, and can be promoted again, until newer versions push it out. */
    RETIRED;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
