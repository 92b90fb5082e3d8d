package org.conurb.video;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.conurb.kernel.Conflict;
import org.conurb.media.RtpCodec;
import org.conurb.media.TrackFormat;
import org.conurb.media.TrackWish;

/** Whether browsers show a stream by WebRTC as it comes: H.264 without B frames; sound in Opus or G.711, or none. */
final class BrowserFit {
    private BrowserFit() {}

    /** What of it can be sent. */
    static List<TrackWish> wishes(LiveStream stream) {
        List<TrackWish> wishes = new ArrayList<>();
        for (TrackFormat format : stream.formats()) {
            wish(format).ifPresent(wishes::add);
        }
        return wishes;
    }

    private static Optional<TrackWish> wish(TrackFormat format) {
        return switch (format) {
            case TrackFormat.H264 h264 -> {
                String name = h264.rfc6381();
                yield Optional.of(
                        TrackWish.send("video", RtpCodec.h264(name.length() == 11 ? name.substring(5) : "42e01f")));
            }
            case TrackFormat.Opus opus -> Optional.of(TrackWish.send("audio", RtpCodec.opus()));
            case TrackFormat.G711 g711 ->
                Optional.of(TrackWish.send(
                        "audio", g711.law() == TrackFormat.G711.Law.A ? RtpCodec.pcma() : RtpCodec.pcmu()));
            default -> Optional.empty();
        };
    }

    /** Why a browser would not show it; empty where it would. */
    static Optional<Conflict> trouble(Camera camera, LiveStream stream) {
        boolean h264 = stream.formats().stream().anyMatch(TrackFormat.H264.class::isInstance);
        if (!h264) {
            return Optional.of(new Conflict(
                    "camera-codec",
                    "%s does not send H.264.".formatted(camera.name()),
                    "Give it an H.264 sub stream, or play live.m3u8 where the browser can show H.265."));
        }
        return stream.reorders().getAsBoolean()
                ? Optional.of(new Conflict(
                        "camera-b-frames",
                        "%s sends B frames, which browsers do not show by WebRTC.".formatted(camera.name()),
                        "Switch B frames off in the camera, give it a sub stream without, or play live.m3u8."))
                : Optional.empty();
    }

    /** Whether who was sent {@code before} can be sent {@code now} without asking anew. */
    static boolean goesOnAs(LiveStream before, LiveStream now) {
        return before.out() == now.out()
                && kinds(before).equals(kinds(now))
                && !now.reorders().getAsBoolean();
    }

    private static List<Class<?>> kinds(LiveStream stream) {
        List<Class<?>> kinds = new ArrayList<>();
        stream.formats().forEach(format -> kinds.add(format.getClass()));
        return kinds;
    }
}
