/**
 * Image classification by fixed points: u* = R(u*, Q(d)), scores S(u*), on MNIST, SVHN and CIFAR-10.
 *
 * <p>Reference: Wu Fung et al. 2022, "JFB: Jacobian-free backpropagation for implicit networks", arXiv 2103.12803.
 */
@NullMarked
package dev.stillpoint.zoo.images;

import org.jspecify.annotations.NullMarked;
