package io.tidemark.model.promotion;

import java.util.List;
import java.util.Map;

/** What is to become of a challenger, with the numbers behind it. */
public sealed interface Decision {
    /** The figures of both, by name. */
    Map<String, Double> figures();

    /** In a sentence. */
    String why();

    /** It passed everything. */
    record Promote(String why, Map<String, Double> figures) implements Decision {
        public Promote {
            figures = Map.copyOf(figures);
        }
    }

    /** There is too little that neither has trained on: it stays what it is, and is tried when there is more. */
    record TooEarly(String why, Map<String, Double> figures) implements Decision {
        public TooEarly {
            figures = Map.copyOf(figures);
        }
    }

    /**
     * It stays what it is.
     *
     * @param reasons what it failed in, each with its numbers; at least one
     */
    record Keep(List<String> reasons, Map<String, Double> figures) implements Decision {
        public Keep {
            reasons = List.copyOf(reasons);
            figures = Map.copyOf(figures);
        }

        @Override
        public String why() {
            return String.join("; ", reasons);
        }
    }
}
