package io.tidemark.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.judge.incident.IncidentAction;
import io.tidemark.judge.incident.IncidentRecords;
import io.tidemark.judge.incident.Silence;
import io.tidemark.kafka.client.KafkaForTests;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The incidents that are shown and taken, from a topic that others write to as well; on a real broker. */
class IncidentsCommandIT {
    private static final String ID = "pumps@pumps/p1@2026-01-01T00:00:00Z";

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private String inbox = "";

    @BeforeEach
    void write() {
        String topic = kafka.topic("incidents", 1);
        inbox = kafka.topic("incident-inbox", 2);
        kafka.send(topic, key(), "garbage".getBytes(UTF_8));
        kafka.send(topic, key(), "[1]".getBytes(UTF_8));
        kafka.send(topic, key(), "{}".getBytes(UTF_8));
        kafka.send(topic, key(), ("{\"id\":\"" + ID + "\",\"state\":\"open\",\"summary\":\"flow\"}").getBytes(UTF_8));
        kafka.send(topic, key(), null);
    }

    private static byte[] key() {
        return ID.getBytes(UTF_8);
    }

    private CommandLineSession incidents(String... arguments) {
        List<String> all = new ArrayList<>(List.of("incidents"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--bootstrap", kafka.bootstrap(), "--prefix", kafka.prefix()));
        return CommandLineSession.of(all.toArray(String[]::new));
    }

    @Test
    void whatIsNoIncidentIsPassedOverAndTheOthersAreShownAndTaken() {
        CommandLineSession shown = incidents("--json");
        assertThat(shown.exitCode()).as(shown.err()).isZero();
        assertThat(shown.out().lines()).singleElement().asString().contains(ID);

        CommandLineSession taken = incidents("acknowledge", ID, "--who", "ada");
        assertThat(taken.exitCode()).as(taken.err()).isZero();
        assertThat(taken.out()).contains(ID + " is acknowledged by ada");
        byte[] sent = kafka.read(inbox, 1).get(0).value();
        assertThat(IncidentAction.decode(sent)).isEqualTo(new IncidentAction(ID, "ada", ""));
    }

    @Test
    void belowASilencedIncidentStandsThatNobodyIsTold() {
        byte[] open = Objects.requireNonNull(IncidentRecords.all().get("incident.similar"));
        kafka.send(kafka.prefix() + "incidents", key(), open);
        assertThat(incidents().out()).doesNotContain("silenced");

        String topic = kafka.topic("silences", 1);
        Silence silence =
                new Silence("s", new Silence.Scope("", "hosts", "", ""), 0, Silence.LONGEST.toMillis(), "ada", "");
        kafka.send(topic, "s".getBytes(UTF_8), silence.encode());
        assertThat(incidents().out()).as("a silence that is over").doesNotContain("silenced");

        long now = System.currentTimeMillis();
        Silence holds = new Silence("s", silence.scope(), now - 1, now + Silence.LONGEST.toMillis() - 1, "ada", "");
        kafka.send(topic, "s".getBytes(UTF_8), holds.encode());
        assertThat(incidents().out()).contains("\n  silenced: nobody is told of it; see tidemark silence list\n");
        assertThat(incidents("--json").out()).doesNotContain("silenced: ");
    }

    @Test
    void belowAnIncidentStandsAPastOneThatIsLikeIt() {
        byte[] like = Objects.requireNonNull(IncidentRecords.all().get("incident.similar"));
        kafka.send(kafka.prefix() + "incidents", key(), like);
        assertThat(incidents().out())
                .contains("\n  like hosts@hosts/host-17@2026-01-01T00:00:00.123Z (0.933), labelled anomaly by bob");
    }
}
