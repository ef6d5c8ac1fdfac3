package io.tidemark;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** What a class logs while this is open, from INFO on, here and not on standard error; whatever thread it logs in. */
public final class LogLines implements AutoCloseable {
    private final Logger logger;
    private final @Nullable Level level;
    private final boolean shown;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> taker = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getLevel() + " " + event.getFormattedMessage());
        }
    };

    private LogLines(String name) {
        logger = (Logger) LoggerFactory.getLogger(name);
        level = logger.getLevel();
        shown = logger.isAdditive();
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        taker.start();
        logger.addAppender(taker);
    }

    public static LogLines of(Class<?> type) {
        return new LogLines(type.getName());
    }

    /** So far, each with its level before it. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        logger.detachAppender(taker);
        logger.setLevel(level);
        logger.setAdditive(shown);
    }
}
