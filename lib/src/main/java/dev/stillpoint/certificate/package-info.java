/** Is this inference trustworthy? Hard limits, and properties compared with those of calibration inferences. */
@NullMarked
package dev.stillpoint.certificate;

import org.jspecify.annotations.NullMarked;
