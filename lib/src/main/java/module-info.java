/** Learning to optimise with implicit networks: fixed points z* = T(z*; c), solved, differentiated and certified. */
module dev.stillpoint {
    requires transitive com.fasterxml.jackson.databind;
    requires de.siegmar.fastcsv;
    requires transitive org.bytedeco.pytorch;
    requires java.desktop;
    requires static transitive org.jspecify;

    exports dev.stillpoint;
    exports dev.stillpoint.adjoint;
    exports dev.stillpoint.certificate;
    exports dev.stillpoint.data;
    exports dev.stillpoint.kernel;
    exports dev.stillpoint.network;
    exports dev.stillpoint.operator;
    exports dev.stillpoint.set;
    exports dev.stillpoint.solver;
    exports dev.stillpoint.tensor;
    exports dev.stillpoint.train;

    uses dev.stillpoint.kernel.LanesProvider;
}
