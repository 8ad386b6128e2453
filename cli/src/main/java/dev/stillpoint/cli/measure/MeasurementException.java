package dev.stillpoint.cli.measure;

import java.io.Serial;

/** A measurement failed; the message is for the user. */
public final class MeasurementException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    MeasurementException(String message) {
        super(message);
    }
}
