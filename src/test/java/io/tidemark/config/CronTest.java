package io.tidemark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class CronTest {
    @Test
    void sundays_at_three_come_once_a_week_in_utc() {
        Cron cron = new Cron("0 3 * * 0");
        Instant first = cron.after(Instant.parse("2026-11-21T10:00:00Z")).orElseThrow();
        assertThat(first).isEqualTo("2026-11-22T03:00:00Z");
        assertThat(cron.after(first)).hasValue(Instant.parse("2026-11-29T03:00:00Z"));
    }

    @Test
    void an_expression_of_six_fields_is_refused() {
        assertThatThrownBy(() -> new Cron("0 0 3 * * 0")).isInstanceOf(IllegalArgumentException.class);
    }
}
