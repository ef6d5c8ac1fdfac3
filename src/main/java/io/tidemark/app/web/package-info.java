/** The console in a browser: a page, the HTTP API that it uses, and what it knows, read from topics alone. */
@org.jspecify.annotations.NullMarked
package io.tidemark.app.web;
