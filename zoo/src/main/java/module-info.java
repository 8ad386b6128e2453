/** Reproduced applications, and runs of them: train, store, load, infer. */
@SuppressWarnings("requires-automatic") // MATLAB files: the library has a module name, and no descriptor.
module dev.stillpoint.zoo {
    requires transitive dev.stillpoint;
    requires static transitive org.jspecify;
    requires java.desktop;
    requires us.hebi.matlab.mat.mfl.core;

    exports dev.stillpoint.zoo;
    exports dev.stillpoint.zoo.paths;

    uses dev.stillpoint.zoo.Application;

    provides dev.stillpoint.zoo.Application with
            dev.stillpoint.zoo.paths.PathsApplication;
}
