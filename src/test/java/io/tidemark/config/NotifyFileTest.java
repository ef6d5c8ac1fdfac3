package io.tidemark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotifyFileTest {
    @TempDir
    Path folder;

    private NotifyFile read(String text) throws IOException {
        return NotifyFile.read(Files.writeString(folder.resolve("notify.yaml"), text));
    }

    private List<String> problems(String text) {
        InvalidConfigException wrong = catchThrowableOfType(InvalidConfigException.class, () -> read(text));
        return wrong.problems().stream().map(Problem::toString).toList();
    }

    @Test
    void nobodyIsToldWithoutAFile() {
        assertThat(NotifyFile.read(folder.resolve("none.yaml")).receivers()).isEmpty();
    }

    @Test
    void aReceiverSaysWhatItWantsAndTheRestHasDefaults() throws IOException {
        NotifyFile file = read("""
                receivers:
                  - name: alertmanager
                    type: alertmanager
                    url: http://alertmanager:9093
                  - name: chat
                    type: slack
                    url-env: CHAT_URL
                    severity: warning
                    groups: [pumps]
                    states: [open, resolved]
                    hmac-file: /run/secrets/hmac
                    timeout: 3s
                    retry-for: 10m
                """);
        assertThat(file.receivers()).extracting(NotifyFile.Receiver::name).containsExactly("alertmanager", "chat");
        NotifyFile.Receiver first = file.receivers().get(0);
        assertThat(first.filter().states()).containsExactly("open", "acknowledged", "resolved", "expired");
        assertThat(first.filter().severity()).isEqualTo(NotifyFile.Severity.INFO);
        assertThat(first.retryFor()).isEqualTo(Duration.ofHours(1));
        NotifyFile.Receiver chat = file.receivers().get(1);
        assertThat(chat.target().secretUrl()).isEqualTo(new NotifyFile.Secret("CHAT_URL", ""));
        assertThat(chat.target().signature()).isEqualTo(new NotifyFile.Secret("", "/run/secrets/hmac"));
        assertThat(chat.filter().states()).containsExactly("open", "resolved");
        assertThat(chat.timeout()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void aReceiverMayHaveHours() throws IOException {
        NotifyFile file = read("""
                receivers:
                  - name: desk
                    type: webhook
                    url: http://desk.example/
                    hours: {cron: "0 8 * * MON-FRI", lasting: 10h, zone: Europe/Berlin}
                  - {name: all, type: webhook, url: "http://desk.example/"}
                """);
        NotifyFile.Receiver.Filter desk = file.receivers().get(0).filter();
        assertThat(desk.isOnDuty(Instant.parse("2026-01-05T07:00:00Z")))
                .as("Monday, 8 in Berlin")
                .isTrue();
        assertThat(desk.isOnDuty(Instant.parse("2026-01-05T17:00:00Z"))).isFalse();
        assertThat(desk.isOnDuty(Instant.parse("2026-01-04T07:00:00Z")))
                .as("Sunday")
                .isFalse();
        assertThat(file.receivers().get(1).filter().isOnDuty(Instant.EPOCH)).isTrue();
    }

    @Test
    void wrongHoursAreToldWithTheirLine() {
        String head = "receivers:\n  - name: desk\n    type: webhook\n    url: http://desk.example/\n    hours: ";
        assertThat(problems(head + "{cron: 0 8 * *, lasting: 10h}"))
                .singleElement()
                .asString()
                .contains(":5:", "cron must be five fields");
        assertThat(problems(head + "{cron: 0 8 * * *}"))
                .singleElement()
                .asString()
                .contains("lasting is missing");
        assertThat(problems(head + "{cron: 0 8 * * *, lasting: 10h, zone: Mars}"))
                .singleElement()
                .asString()
                .contains("zone must be one such as Europe/Berlin");
        assertThat(problems(head + "{cron: 0 8 * * *, lasts: 10h}"))
                .anySatisfy(p -> assertThat(p).contains("lasts"));
    }

    @Test
    void everyMistakeIsToldAtOnceWithItsLine() {
        assertThat(problems("""
                receivers:
                  - name: Chat
                    type: slack
                  - name: page
                    type: pagerduty
                    states: [open, closed]
                  - name: hook
                    url: ftp://x
                    secret: hunter2
                  - name: hook
                    type: webhook
                    url: https://user:password@example.invalid
                """))
                .anyMatch(p -> p.contains(":2:") && p.contains("lower-case"))
                .anyMatch(p -> p.contains("has no url"))
                .anyMatch(p -> p.contains("no routing key"))
                .anyMatch(p -> p.contains("one is closed"))
                .anyMatch(p -> p.contains("has no type"))
                .anyMatch(p -> p.contains("url must be http:// or https://"))
                .anyMatch(p -> p.contains("secret") && p.contains("not a known setting"))
                .anyMatch(p -> p.contains("names hook twice"))
                .anyMatch(p -> p.contains("no password"));
    }
}
