/** What a person sees on the terminal: tables, a table drawn in place, and progress. Plain ANSI, and plain lines where there is no terminal. */
@org.jspecify.annotations.NullMarked
package io.tidemark.app.console;
