/** The role that scores: samples in, inferences out, one poll one batch one transaction. */
@org.jspecify.annotations.NullMarked
package io.tidemark.role.worker;
