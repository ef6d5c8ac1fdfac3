package io.tidemark.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a recurring silence is told before a broker is asked. */
final class SilenceCommandTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--cron,0 2 * * SUN | say how long each time with --lasting",
                "--lasting,2h,--for,1h | --lasting and --zone go with --cron",
                "--zone,UTC,--for,1h | --lasting and --zone go with --cron",
                "--cron,0 2 * *,--lasting,2h | cron must be five fields such as '0 2 * * SUN'",
                "--cron,0 2 30 2 *,--lasting,2h | --cron 0 2 30 2 * never comes",
                "--cron,0 2 * * *,--lasting,8d | lasting must be in [1m, 7d], but was 8d",
                "--cron,0 2 * * *,--lasting,2h,--zone,Mars | zone must be one such as Europe/Berlin or UTC, but was Mars",
                "--cron,0 2 * * *,--lasting,2h,--for,4000d | a silence that recurs must be at most 3660 days long"
            })
    void aMistakeIsToldWithItsRemedy(String options, String told) {
        CommandLineSession session = CommandLineSession.of(("silence,--all," + options).split(","));
        assertThat(session.exitCode()).isEqualTo(2);
        assertThat(session.err()).contains(told);
    }
}
