/** Measurements that need a process each: what a training or a step takes in time and memory. */
@NullMarked
package dev.stillpoint.cli.measure;

import org.jspecify.annotations.NullMarked;
