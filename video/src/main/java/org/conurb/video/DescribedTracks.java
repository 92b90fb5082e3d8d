package org.conurb.video;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.conurb.media.SessionDescription;
import org.conurb.media.TrackFormat;

/** What of a camera's session description we take: the first video track and the first audio track that we know. */
record DescribedTracks(List<TrackFormat> formats, List<Integer> payloadTypes, List<String> controls) {
    /** @throws RtspFailure where there is no video that we know */
    static DescribedTracks read(byte[] sdp) throws RtspFailure {
        SessionDescription description;
        try {
            description = SessionDescription.parse(new String(sdp, UTF_8));
        } catch (RuntimeException notSdp) {
            throw RtspFailure.broken("describes itself in a way that cannot be read");
        }
        DescribedTracks tracks = new DescribedTracks(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        tracks.take(description, "video");
        if (tracks.formats.isEmpty()) {
            throw RtspFailure.broken("offers no H.264 or H.265 video");
        }
        tracks.take(description, "audio");
        return tracks;
    }

    private void take(SessionDescription description, String kind) {
        for (SessionDescription.Media media : description.media()) {
            if (!media.kind().equals(kind)) {
                continue;
            }
            for (int type : media.payloadTypes()) {
                Optional<TrackFormat> format = TrackFormat.of(media, type);
                if (format.isPresent() && format.get().video() == kind.equals("video")) {
                    formats.add(format.get());
                    payloadTypes.add(type);
                    controls.add(media.attribute("control").orElse("*"));
                    return;
                }
            }
        }
    }
}
