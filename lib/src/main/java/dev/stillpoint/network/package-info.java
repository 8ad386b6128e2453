/** Layers with the parameter names of PyTorch. */
@NullMarked
package dev.stillpoint.network;

import org.jspecify.annotations.NullMarked;
