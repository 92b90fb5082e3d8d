package org.conurb.video;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes HTTP Live Streaming playlists (RFC 8216, version 7) whose segments are byte ranges of the recordings themselves:
 * no second copy, no conversion. Each file's own init segment is its {@code EXT-X-MAP}.
 */
final class HlsPlaylist {
    static final String MEDIA_TYPE = "application/vnd.apple.mpegurl";

    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

    private final StringBuilder text = new StringBuilder(4096);
    private final String query;
    private @Nullable Path map;

    private HlsPlaylist(String query) {
        this.query = query;
    }

    /**
     * A finished span.
     *
     * @param from where playing starts, which may be inside the first segment
     * @param query put behind each file's name, as {@code ?grant=…}
     */
    static String recorded(List<Segment> segments, Instant from, String query) {
        HlsPlaylist playlist = new HlsPlaylist(query);
        playlist.head(segments, 0, 0);
        playlist.line("#EXT-X-PLAYLIST-TYPE:VOD");
        Duration inside = segments.isEmpty()
                ? Duration.ZERO
                : Duration.between(segments.getFirst().start(), from);
        if (inside.toMillis() > 0) {
            playlist.line("#EXT-X-START:TIME-OFFSET=%s,PRECISE=YES".formatted(seconds(inside)));
        }
        playlist.segments(segments);
        playlist.line("#EXT-X-ENDLIST");
        return playlist.text.toString();
    }

    /** The last seconds of a stream that goes on. */
    static String live(List<Segment> segments, long sequence, long discontinuities, String query) {
        HlsPlaylist playlist = new HlsPlaylist(query);
        playlist.head(segments, sequence, discontinuities);
        playlist.segments(segments);
        return playlist.text.toString();
    }

    private void head(List<Segment> segments, long sequence, long discontinuities) {
        long longest =
                segments.stream().mapToLong(s -> s.duration().toMillis()).max().orElse(2000);
        line("#EXTM3U");
        line("#EXT-X-VERSION:7");
        line("#EXT-X-TARGETDURATION:" + Math.max(1, (longest + 500) / 1000));
        line("#EXT-X-MEDIA-SEQUENCE:" + sequence);
        if (discontinuities > 0) {
            line("#EXT-X-DISCONTINUITY-SEQUENCE:" + discontinuities);
        }
        line("#EXT-X-INDEPENDENT-SEGMENTS");
    }

    private void segments(List<Segment> segments) {
        boolean first = true;
        for (Segment segment : segments) {
            if (segment.discontinuity() && !first) {
                line("#EXT-X-DISCONTINUITY");
            }
            boolean anotherFile = !segment.file().equals(map);
            if (anotherFile) {
                map = segment.file();
                line("#EXT-X-MAP:URI=\"%s\",BYTERANGE=\"%d@0\"".formatted(uri(segment), segment.initLength()));
            }
            if (first || anotherFile || segment.discontinuity()) {
                line("#EXT-X-PROGRAM-DATE-TIME:" + MILLIS.format(segment.start()));
            }
            line("#EXTINF:%s,".formatted(seconds(segment.duration())));
            line("#EXT-X-BYTERANGE:%d@%d".formatted(segment.length(), segment.offset()));
            line(uri(segment));
            first = false;
        }
    }

    private String uri(Segment segment) {
        return "files/" + segment.fileName() + query;
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.3f", duration.toNanos() / 1e9);
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
