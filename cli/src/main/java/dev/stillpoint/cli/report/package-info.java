/** A run's report: one HTML file for people, with nothing to load and nothing to run. */
@NullMarked
package dev.stillpoint.cli.report;

import org.jspecify.annotations.NullMarked;
