/** What operators are given, held against the product: dashboards, alert rules, and the files that deploy it. */
@org.jspecify.annotations.NullMarked
package io.tidemark.deploy;
