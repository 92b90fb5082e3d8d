package org.conurb.video;

/** The streams behind the cameras, as the doors need them: {@code CameraStreams} in the program, a fake in tests. */
interface CameraLines {
    /** From now on, this camera with this address; replaces what was wanted of it before. */
    void want(CameraSource source);

    void unwant(CameraId camera);

    CameraStatus status(CameraId camera);
}
