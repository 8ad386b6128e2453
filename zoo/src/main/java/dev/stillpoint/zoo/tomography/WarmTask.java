package dev.stillpoint.zoo.tomography;

import org.bytedeco.pytorch.Tensor;

/** A training whose solves go on where the image's last one ended. */
interface WarmTask {
    /** Where the solves of some training rows would begin now, [rows, ...]; of the open scope. */
    Tensor trainingStates(int from, int to);
}
