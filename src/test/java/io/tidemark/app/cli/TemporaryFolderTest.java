package io.tidemark.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.RepeatedTest;

/** What a command leaves of its temporary folder while another process still works in it. */
class TemporaryFolderTest {
    private static final int FILES = 1_000;

    @RepeatedTest(20)
    void filesThatComeAndGoMeanwhileKeepNothingElse() throws Exception {
        TemporaryFolder folder = TemporaryFolder.create("tidemark-test-");
        Path busy = Files.createDirectory(folder.path().resolve("busy"));
        Path steady = Files.createDirectory(folder.path().resolve("steady"));
        for (int each = 0; each < FILES; each++) Files.createFile(steady.resolve("file-" + each));
        AtomicBoolean on = new AtomicBoolean(true);
        CountDownLatch begun = new CountDownLatch(FILES);
        Thread other = new Thread(() -> comeAndGo(busy, on, begun));
        other.start();
        begun.await();
        folder.close();
        on.set(false);
        other.join();
        assertThat(steady).doesNotExist();
        folder.close();
        assertThat(folder.path()).doesNotExist();
    }

    private static void comeAndGo(Path folder, AtomicBoolean on, CountDownLatch begun) {
        while (on.get()) {
            try {
                for (int each = 0; each < FILES; each++) {
                    Files.createFile(folder.resolve("file-" + each));
                    begun.countDown();
                }
                for (int each = 0; each < FILES; each++) Files.deleteIfExists(folder.resolve("file-" + each));
            } catch (IOException deletedMeanwhile) {
                on.compareAndSet(Files.exists(folder), false);
            }
        }
    }
}
