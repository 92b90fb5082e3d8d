package org.conurb.video;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.conurb.media.MediaListener;
import org.conurb.media.MediaSession;
import org.conurb.media.MediaTrack;
import org.conurb.media.TrackFormat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a phone sends, taken to the lines of its camera. Confined to its session's worker. */
final class FromPhone implements MediaListener {
    private static final Logger LOG = LoggerFactory.getLogger(FromPhone.class);
    private static final long KEY_FRAME_EVERY_NANOS = 3_000_000_000L;

    private final CameraId camera;
    private final CameraLines lines;
    private final Runnable gone;
    private final List<MediaTrack> tracks = new ArrayList<>();
    private CameraLines.@Nullable Published published;
    private long keyFrameAsked;

    /** @param gone told when the session has ended */
    FromPhone(CameraId camera, CameraLines lines, Runnable gone) {
        this.camera = camera;
        this.lines = lines;
        this.gone = gone;
    }

    @Override
    public void connected(MediaSession media) {
        List<TrackFormat> formats = new ArrayList<>();
        media.track("video").filter(MediaTrack::receives).ifPresent(track -> {
            tracks.add(track);
            formats.add(new TrackFormat.H264(List.of(), List.of()));
        });
        media.track("audio").filter(MediaTrack::receives).ifPresent(track -> {
            tracks.add(track);
            formats.add(new TrackFormat.Opus(2));
        });
        if (formats.isEmpty() || !formats.getFirst().video()) {
            media.close();
            return;
        }
        published = lines.publish(camera, formats, media::close);
    }

    @Override
    public void rtp(MediaTrack track, ByteBuffer rtp, long arrivalNanos) {
        int at = tracks.indexOf(track);
        CameraLines.Published to = published;
        if (at >= 0 && to != null) {
            to.datagram(at, arrivalNanos, rtp);
        }
    }

    /** Phones send key frames when they are asked, and seldom by themselves. */
    @Override
    public void tick(MediaSession media, long nanos) {
        CameraLines.Published to = published;
        if (to == null) {
            return;
        }
        to.tick(nanos);
        if (nanos - keyFrameAsked > KEY_FRAME_EVERY_NANOS) {
            keyFrameAsked = nanos;
            tracks.getFirst().requestKeyFrame();
        }
    }

    @Override
    public void closed(MediaSession media, String reason) {
        gone.run();
        CameraLines.Published to = published;
        if (to != null) {
            to.end(media.isLost() ? GapReason.UNREACHABLE : GapReason.SWITCHED_OFF);
        }
        LOG.atInfo().addKeyValue("camera", camera).addKeyValue("reason", reason).log("video.publication.ended");
    }
}
