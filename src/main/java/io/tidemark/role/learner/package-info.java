/** The role that learns: rows and gates in, versions and checkpoints out. */
@org.jspecify.annotations.NullMarked
package io.tidemark.role.learner;
