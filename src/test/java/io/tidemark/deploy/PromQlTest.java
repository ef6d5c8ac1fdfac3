package io.tidemark.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class PromQlTest {
    @Test
    void selectorsAreFoundAmongFunctionsGroupingsAndOperators() {
        assertThat(PromQl.selectors(
                        "histogram_quantile(0.99, sum by (stream, le) (rate(a_bucket{job=\"x y(\", stream=~\"$stream\"}[5m])))"
                                + " and on (stream) b{} > 0 or time() - c"))
                .containsExactly(
                        new PromQl.Selector("a_bucket", Set.of("job", "stream")),
                        new PromQl.Selector("b", Set.of()),
                        new PromQl.Selector("c", Set.of()));
    }

    @Test
    void groupingsAreTheLabelsToSumAndJoinBy() {
        assertThat(PromQl.groupings("sum by (a, b) (x) > on (c) group_left (d) sum without(e) (y)"))
                .containsExactlyInAnyOrder("a", "b", "c", "d", "e");
    }

    @Test
    void aRuleComparesTheLeftSidesBetweenItsOutermostSetOperators() {
        assertThat(PromQl.compared(
                        "(time() - max by (s) (a{x=\"> or\"})) > 86400 and on (s) sum(b) >= 0 or absent(c{d=\"e\"}) > 0"
                                + " unless on (s)\n f"))
                .containsExactly("(time() - max by (s) (a{x=\"> or\"}))", "sum(b)", "c{d=\"e\"}", "f");
    }
}
