/** The command line: every command's options, and what a person reads on the terminal. */
@org.jspecify.annotations.NullMarked
package io.tidemark.app.cli;
