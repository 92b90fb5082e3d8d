package org.conurb.video;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/** A recorder as a process of its own, to be killed. Arguments: folder, address of the camera, id of the camera. */
final class KilledRecorder {
    private KilledRecorder() {}

    static CameraSource source(URI address, UUID id) {
        return new CameraSource(
                new CameraId(id),
                Studio.POLICE,
                Optional.of(address),
                Optional.empty(),
                Optional.empty(),
                CameraSource.Transport.TCP,
                true);
    }

    public static void main(String[] arguments) throws InterruptedException {
        Studio studio = new Studio(Path.of(arguments[0]));
        studio.streams.want(source(URI.create(arguments[1]), UUID.fromString(arguments[2])));
        Thread.currentThread().join();
    }
}
