package io.tidemark.deploy.dashboard;

/**
 * One query of a panel.
 *
 * @param expression PromQL
 * @param legend the name of each line, with labels in double braces
 */
record Target(String expression, String legend) {}
