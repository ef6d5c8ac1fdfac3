/** What people declare: streams as checked records, read from YAML with every problem reported at once. */
@org.jspecify.annotations.NullMarked
package io.tidemark.config;
