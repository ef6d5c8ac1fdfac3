package io.tidemark.config;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Times given by a Unix cron expression of five fields, in UTC. Immutable. */
public final class Cron {
    private final String expression;
    private final ExecutionTime times;

    /** @throws IllegalArgumentException saying what is wrong with the expression */
    public Cron(String expression) {
        this.expression = expression;
        this.times = ExecutionTime.forCron(new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX))
                .parse(expression)
                .validate());
    }

    /** The first time after an instant; empty when there is none. */
    public Optional<Instant> after(Instant instant) {
        return times.nextExecution(instant.atZone(ZoneOffset.UTC)).map(java.time.ZonedDateTime::toInstant);
    }

    /** The last time at or before an instant; empty when there is none. */
    public Optional<Instant> atOrBefore(Instant instant) {
        return times.lastExecution(instant.plusMillis(1).atZone(ZoneOffset.UTC))
                .map(java.time.ZonedDateTime::toInstant);
    }

    /** The same expression. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Cron cron && cron.expression.equals(expression);
    }

    @Override
    public int hashCode() {
        return expression.hashCode();
    }

    @Override
    public String toString() {
        return expression;
    }
}
