package io.tidemark.app.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.Eventually;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Every view of the console, as people see it. */
public final class ConsoleViews {
    private static final Duration WITHIN = Duration.ofSeconds(30);

    private ConsoleViews() {}

    /**
     * @param says what the view shows once it is there
     * @param pictures of frames that it shows
     */
    private record View(String name, String hash, String says, int pictures) {}

    private static List<View> views(String incident) {
        return List.of(
                new View("now", "now", "Strangest series", 0),
                new View("series", "series", "9 series", 0),
                new View("one-series", "series/hosts/host-0", "disk_io", 0),
                new View("one-camera", "series/camera/line-1", "line-1", 2),
                new View("incidents", "incidents", "of 9 series open", 0),
                new View("incident", "incident/" + URLEncoder.encode(incident, UTF_8), "Frames of its time", 2),
                new View("models", "models", "champion", 0),
                new View("streams", "streams", "dead letters", 0),
                new View("frames", "frames", "reconstruction", 2));
    }

    /** How a person looks: in light or dark, at a desk or on a phone. */
    private record Look(String name, String theme, int width, int height) {}

    private static final List<Look> LOOKS = List.of(
            new Look("light", "light", 1280, 1000),
            new Look("phone", "light", 390, 844),
            new Look("dark", "dark", 1280, 1000));

    /**
     * Opens every view in light, in dark and on a phone, holds each to axe-core and to the width of the window, and leaves a picture of each.
     *
     * @param browser with the console open, in light
     * @param pictures gets NAME-LOOK.png
     * @param incident that is open, of the streams {@code hosts} and {@code camera}
     */
    public static void look(Browser browser, Path pictures, String incident) throws Exception {
        Files.createDirectories(pictures);
        List<String> findings = new ArrayList<>();
        for (Look look : LOOKS) {
            if (!theme(browser).equals(look.theme)) browser.click("#theme");
            assertThat(theme(browser)).isEqualTo(look.theme);
            browser.resize(look.width, look.height);
            for (View view : views(incident)) {
                open(browser, view);
                String name = view.name + "-" + look.name;
                Accessibility.findings(browser).forEach(finding -> findings.add(name + ": " + finding));
                int width =
                        browser.value("document.documentElement.scrollWidth").asInt();
                if (width > look.width) findings.add(name + ": is " + width + " pixels wide");
                browser.screenshot(pictures.resolve(name + ".png"));
            }
        }
        assertThat(findings).isEmpty();
    }

    private static String theme(Browser browser) throws Exception {
        return browser.value("document.documentElement.dataset.theme").asText();
    }

    private static void open(Browser browser, View view) throws Exception {
        browser.value(
                "new Promise(done => { addEventListener('hashchange', () => done(true), {once: true}); location.hash = '#/"
                        + view.hash + "'; })");
        Eventually.passes(WITHIN, () -> assertThat(browser.text()).as(view.name).contains(view.says));
        Eventually.passes(WITHIN, () -> {
            String loaded =
                    "[...document.querySelectorAll('main img')].filter(i => i.complete && i.naturalWidth > 0).length";
            assertThat(browser.value(loaded).asInt()).as(view.name).isEqualTo(view.pictures);
        });
    }
}
