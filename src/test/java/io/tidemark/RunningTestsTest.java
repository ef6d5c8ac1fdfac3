package io.tidemark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RunningTestsTest {
    @Test
    void aTestThatHasRunForLongIsNamedWithItsSeconds() {
        AtomicLong nanos = new AtomicLong();
        RunningTests tests = new RunningTests(new PrintStream(new ByteArrayOutputStream()), nanos::get);
        assertThat(tests.line()).isEmpty();
        tests.started("KillIT.everyRoleIsKilled");
        nanos.set(TimeUnit.SECONDS.toNanos(3));
        assertThat(tests.line()).isEmpty();
        nanos.set(TimeUnit.SECONDS.toNanos(20));
        assertThat(tests.line()).isEqualTo("KillIT.everyRoleIsKilled has run for 20 s");
    }
}
