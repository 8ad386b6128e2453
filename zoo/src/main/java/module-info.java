/** Reproduced applications, and runs of them: train, store, load, infer. */
@SuppressWarnings("requires-automatic") // MATLAB files: the library has a module name, and no descriptor.
module dev.stillpoint.zoo {
    requires java.desktop;
    requires transitive dev.stillpoint;
    requires static transitive org.jspecify;
    requires us.hebi.matlab.mat.mfl.core;
    requires ojalgo;

    exports dev.stillpoint.zoo;
    exports dev.stillpoint.zoo.images;
    exports dev.stillpoint.zoo.paths;
    exports dev.stillpoint.zoo.tomography;
    exports dev.stillpoint.zoo.signals;
    exports dev.stillpoint.zoo.polytope;
    exports dev.stillpoint.zoo.problem;
    exports dev.stillpoint.zoo.table;

    uses dev.stillpoint.zoo.Application;

    provides dev.stillpoint.zoo.Application with
            dev.stillpoint.zoo.images.Cifar10Application,
            dev.stillpoint.zoo.images.MnistApplication,
            dev.stillpoint.zoo.images.SvhnApplication,
            dev.stillpoint.zoo.paths.PathsApplication,
            dev.stillpoint.zoo.polytope.PolytopeApplication,
            dev.stillpoint.zoo.signals.SignalsApplication,
            dev.stillpoint.zoo.tomography.TomographyApplication;
}
