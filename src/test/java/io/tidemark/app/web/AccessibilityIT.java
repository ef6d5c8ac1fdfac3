package io.tidemark.app.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

/** That the check of the console's views finds what is wrong. */
class AccessibilityIT {
    private static final String PAGE =
            "data:text/html,<!doctype html><html lang=en><title>Plates</title><body style='background:white'><main><h1>Plates</h1>";

    @Test
    void aPictureWithoutTextPaleLettersAndAFieldWithoutANameAreFound() throws Exception {
        assumeTrue(Browser.isThere(), "chromium is not on the PATH");
        try (Browser browser = new Browser(800, 600, false)) {
            browser.open(PAGE + "<p>All is well.</p></main>");
            assertThat(Accessibility.findings(browser)).isEmpty();
            browser.open(PAGE + "<img src='data:,'><p style='color:silver'>Pale.</p><input></main>");
            assertThat(Accessibility.findings(browser))
                    .hasSize(3)
                    .anyMatch(finding -> finding.startsWith("image-alt at img"))
                    .anyMatch(finding -> finding.startsWith("color-contrast at p"))
                    .anyMatch(finding -> finding.startsWith("label at input"));
        }
    }
}
