/** Computed tomography from few angles: measurements, baselines and their judgement. */
@NullMarked
package dev.stillpoint.zoo.tomography;

import org.jspecify.annotations.NullMarked;
