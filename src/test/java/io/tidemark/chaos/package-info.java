/** The whole product under faults: three brokers, two processes of each role, and what becomes of every event meanwhile. */
@org.jspecify.annotations.NullMarked
package io.tidemark.chaos;
