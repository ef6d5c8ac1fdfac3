/** Whether a challenger may become champion, and whether a champion may stay: decisions with their numbers. */
@org.jspecify.annotations.NullMarked
package io.tidemark.model.promotion;
