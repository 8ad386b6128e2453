package dev.stillpoint.certificate;

/** A certificate's verdict on one property of one inference. */
public enum Label {
    /** The property is as good as is required, or as it usually is. */
    PASS,
    /** Worse than nearly all calibration inferences: look twice. */
    WARNING,
    /** Outside what can be trusted. */
    FAIL
}
