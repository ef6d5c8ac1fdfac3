package io.tidemark.config;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whichever class of the settings a program meets first, it and the others come up. */
class SettingsInitialisationTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GridSettings",
                "ImageSettings",
                "InputSettings",
                "LearningSettings",
                "ModelSettings",
                "VerdictSettings",
                "StreamSettings"
            })
    void everyClassMayComeFirst(String first) {
        URL classes = StreamSettings.class.getProtectionDomain().getCodeSource().getLocation();
        assertThatCode(() -> {
                    try (URLClassLoader fresh = new OwnClassesFirst(classes)) {
                        Class.forName("io.tidemark.config." + first, true, fresh);
                    }
                })
                .doesNotThrowAnyException();
    }

    /** Loads the settings anew instead of taking what is initialised already. */
    private static final class OwnClassesFirst extends URLClassLoader {
        OwnClassesFirst(URL classes) {
            super(new URL[] {classes}, SettingsInitialisationTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("io.tidemark.config.")) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }
}
