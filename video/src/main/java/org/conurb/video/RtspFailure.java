package org.conurb.video;

/**
 * A camera said no, or said what RTSP does not allow. The reason is ours, never the camera's words, but for a status.
 *
 * @see CameraSession for what follows from it
 */
final class RtspFailure extends Exception {
    private final int status;

    /** @param status of the answer that refused, 0 for a broken stream */
    RtspFailure(int status, String reason) {
        super(reason, null, false, false);
        this.status = status;
    }

    static RtspFailure broken(String reason) {
        return new RtspFailure(0, reason);
    }

    int status() {
        return status;
    }

    String reason() {
        return String.valueOf(getMessage());
    }

    /** Whether the camera is full or still holds our last session: to be asked again only after that has timed out. */
    boolean busy() {
        return status == 453 || status == 503;
    }
}
