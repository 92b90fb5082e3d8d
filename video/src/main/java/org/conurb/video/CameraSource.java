package org.conurb.video;

import java.net.URI;
import java.util.Optional;
import org.conurb.kernel.OrganisationId;

/**
 * What the recorder needs to know of a camera.
 *
 * @param main {@code rtsp://} or {@code rtsps://} without user information; empty where the stream is published to us
 *     (WHIP)
 * @param sub a smaller stream of the same picture, live only
 * @param login for both streams
 * @param certificate the only one that the camera may show over rtsps; empty: whatever the system trusts for its host
 * @param transport how RTP travels
 * @param record whether it goes to disk, or is live only
 */
record CameraSource(
        CameraId id,
        OrganisationId organisation,
        Optional<URI> main,
        Optional<URI> sub,
        Optional<CameraLogin> login,
        Optional<CertificatePin> certificate,
        Transport transport,
        boolean record) {

    enum Transport {
        /** TCP, and UDP where the camera refuses TCP (461). */
        AUTO,
        TCP,
        UDP
    }
}
