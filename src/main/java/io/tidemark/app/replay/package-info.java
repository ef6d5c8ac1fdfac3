/** Files and images sent into a stream's topic, at the pace of their own times or as fast as they go. */
@org.jspecify.annotations.NullMarked
package io.tidemark.app.replay;
