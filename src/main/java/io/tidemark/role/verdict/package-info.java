/** The role that turns inferences into scores, forecasts, alerts and gates. */
@org.jspecify.annotations.NullMarked
package io.tidemark.role.verdict;
