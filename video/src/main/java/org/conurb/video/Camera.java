package org.conurb.video;

import java.util.Optional;
import org.conurb.kernel.Epsg4326Point;
import org.conurb.kernel.OrganisationId;

/**
 * A camera as it was registered.
 *
 * @param address where its streams come from; secret in part
 * @param headingDegrees where it looks, clockwise from north, 0..360
 * @param keeping how long its recordings are kept
 * @param version counts changes, from 1
 */
record Camera(
        CameraId id,
        OrganisationId organisation,
        String name,
        CameraAddress address,
        CameraSource.Transport transport,
        boolean recorded,
        Epsg4326Point place,
        Optional<Double> headingDegrees,
        Keeping keeping,
        int version) {
    static final String KIND = CameraId.KIND;

    String urn() {
        return id.urn();
    }

    CameraSource source() {
        return new CameraSource(
                id,
                organisation,
                address.main(),
                address.sub(),
                address.login(),
                address.certificate(),
                transport,
                recorded);
    }
}
