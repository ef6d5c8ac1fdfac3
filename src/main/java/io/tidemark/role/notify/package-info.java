/** The role that tells people of incidents: Alertmanager, and webhooks of several shapes. */
@org.jspecify.annotations.NullMarked
package io.tidemark.role.notify;
