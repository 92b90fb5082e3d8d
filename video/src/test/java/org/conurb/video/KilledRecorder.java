package org.conurb.video;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/** A recorder as a process of its own, to be killed or lied to. Arguments: folder, address of the camera, id of the camera. */
final class KilledRecorder {
    private KilledRecorder() {}

    static CameraSource source(URI address, UUID id) {
        return new CameraSource(
                new CameraId(id),
                Studio.POLICE,
                Optional.of(address),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                CameraSource.Transport.TCP,
                true);
    }

    static ProcessBuilder process(Path folder, URI address, UUID id) {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledRecorder.class.getName(),
                        folder.toString(),
                        address.toString(),
                        id.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    }

    public static void main(String[] arguments) throws InterruptedException {
        Studio studio = new Studio(Path.of(arguments[0]));
        studio.streams.want(source(URI.create(arguments[1]), UUID.fromString(arguments[2])));
        Thread.currentThread().join();
    }
}
