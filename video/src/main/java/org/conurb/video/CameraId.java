package org.conurb.video;

import java.util.UUID;
import org.conurb.kernel.Ids;

/** Which camera: also the name of its folder on disk. */
record CameraId(UUID value) {
    static final String KIND = "Camera";

    String urn() {
        return Ids.urn(KIND, value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
