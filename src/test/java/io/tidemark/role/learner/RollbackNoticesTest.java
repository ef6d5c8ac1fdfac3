package io.tidemark.role.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.learn.learning.LearningEvent;
import io.tidemark.model.registry.AuditEntry;
import io.tidemark.model.registry.RegistryCommand;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RollbackNoticesTest {
    private final RollbackNotices notices = new RollbackNotices();

    private void explode(String network, long steps) {
        notices.add("pumps", 1, new LearningEvent.RolledBack(network, "diverged", "loss", 0.001f, 100, steps, 9, 1));
    }

    private List<RegistryCommand> commit(long nowMs) {
        List<RegistryCommand> commands = notices.commands(nowMs);
        notices.committed(nowMs);
        return commands;
    }

    @Test
    void firstTimeIsToldAtOnceAndLaterOnesTogetherWhenTheirTimeHasCome() {
        explode("a", 1);
        assertThat(notices.isDue(0)).isTrue();
        assertThat(commit(0)).hasSize(1);
        explode("a", 2);
        explode("a", 3);
        long before = RollbackNotices.APART.toMillis() - 1;
        assertThat(notices.isDue(before)).isFalse();
        assertThat(commit(before)).isEmpty();
        assertThat(notices.isDue(before + 1)).isTrue();
        assertThat(commit(before + 1)).singleElement().satisfies(command -> {
            assertThat(command.figures()).containsEntry("times", 2.0).containsEntry("steps", 3.0);
        });
        assertThat(notices.isDue(Long.MAX_VALUE)).isFalse();
    }

    @Test
    void oneNetworkDoesNotHoldUpAnother() {
        explode("a", 1);
        commit(0);
        explode("b", 1);
        assertThat(commit(1)).extracting(command -> command.model().network()).containsExactly("b");
    }

    @Test
    void whatWasNotCommittedIsToldAgain() {
        explode("a", 1);
        String id = notices.commands(0).get(0).id();
        assertThat(commit(5)).extracting(RegistryCommand::id).containsExactly(id);
    }

    @Test
    void endlessExplosionsLeaveRoomInTheAuditForADayOfDecisions() {
        int told = 0;
        long day = Duration.ofDays(1).toMillis();
        for (long now = 0; now < day; now += 10_000) {
            explode("a", now);
            told += commit(now).size();
        }
        assertThat(told).isPositive().isLessThan(AuditEntry.KEPT * 3 / 4);
    }
}
