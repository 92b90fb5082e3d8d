package org.conurb.video;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.Access;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.NotFound;
import org.conurb.media.FileRange;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Playing back: {@code /api/video/cameras/{id}/recording.m3u8}, {@code live.m3u8}, the files both are made of, and the
 * timeline. All but the timeline stand under a grant ({@code Conurb-Purpose}, {@code ?grant=}) or an open incident ({@code
 * ?case=}); the playlists name their grant to the player.
 */
@RestController
@RequestMapping("/api/video/cameras/{id}")
class PlayController {
    /** Longer spans have longer segments, so that no playlist grows beyond some 2 MB. */
    private static final Duration SHORT = Duration.ofMinutes(20);

    private static final Duration SEGMENT = Duration.ofSeconds(6);

    private final Cameras cameras;
    private final Recordings recordings;
    private final LivePlaylists live;
    private final Views views;
    private final Access access;
    private final Transactions transactions;
    private final ZoneId zone;

    PlayController(
            Cameras cameras,
            Recordings recordings,
            LivePlaylists live,
            Views views,
            Access access,
            Transactions transactions,
            ZoneId zone) {
        this.cameras = cameras;
        this.recordings = recordings;
        this.live = live;
        this.views = views;
        this.access = access;
        this.transactions = transactions;
        this.zone = zone;
    }

    private record Seen(Camera camera, UUID grant) {}

    @GetMapping("/recording.m3u8")
    void recording(
            @PathVariable String id,
            @RequestParam String from,
            @RequestParam String to,
            @RequestParam(value = "case", required = false) @Nullable String caseId,
            Caller caller,
            HttpServletResponse response)
            throws IOException {
        CameraId wanted = CameraController.id(id);
        Instant start = instant("from", from);
        Instant end = instant("to", to);
        Duration span = Duration.between(start, end);
        if (span.isNegative() || span.isZero() || span.compareTo(Recordings.LONGEST_SPAN) > 0) {
            throw new BadRequest(
                    "video-span",
                    "The span is empty or longer than %d hours.".formatted(Recordings.LONGEST_SPAN.toHours()),
                    "Ask for a shorter one, from before to.");
        }
        Camera camera = transactions.as(access.owners(caller), () -> {
            Camera found = cameras.find(caller, wanted);
            views.demand(caller, found, Optional.ofNullable(caseId));
            return found;
        });
        List<Segment> segments = Segment.of(
                recordings.covering(camera.source(), start, end),
                span.compareTo(SHORT) <= 0 ? Duration.ofMillis(1) : SEGMENT);
        if (segments.isEmpty()) {
            throw new NotFound("recording", "of %s from %s to %s".formatted(camera.name(), start, end));
        }
        UUID grant = transactions.as(access.owners(caller), () -> {
            UUID one = views.play(caller, camera, Optional.ofNullable(caseId), Views.Use.PLAY, start, end);
            views.widen(
                    one,
                    camera,
                    fileStart(segments.getFirst()),
                    segments.getLast().end().plus(Recordings.LONGEST_FILE));
            return one;
        });
        playlist(HlsPlaylist.recorded(segments, start, "?grant=" + grant), response);
    }

    @GetMapping("/live.m3u8")
    void live(
            @PathVariable String id,
            @RequestParam(value = "case", required = false) @Nullable String caseId,
            Caller caller,
            HttpServletResponse response)
            throws IOException {
        Seen seen = live(caller, CameraController.id(id), caseId);
        LivePlaylists.Now now = live.now(seen.camera());
        if (now.segments().isEmpty()) {
            throw new NotFound("live recording", "of " + seen.camera().name());
        }
        Instant first = fileStart(now.segments().getFirst());
        views.widen(
                seen.grant(),
                seen.camera(),
                first,
                now.segments().getLast().end().plus(Recordings.LONGEST_FILE));
        playlist(
                HlsPlaylist.live(now.segments(), now.sequence(), now.discontinuities(), "?grant=" + seen.grant()),
                response);
    }

    @GetMapping("/files/{file:\\d{1,15}\\.mp4}")
    void file(
            @PathVariable String id,
            @PathVariable String file,
            @RequestHeader(value = "Range", required = false) @Nullable String range,
            Caller caller,
            HttpServletResponse response)
            throws IOException {
        CameraId wanted = CameraController.id(id);
        Instant start = Instant.ofEpochMilli(Long.parseLong(file.substring(0, file.length() - 4)));
        Seen seen = transactions.as(access.owners(caller), () -> {
            Camera camera = cameras.find(caller, wanted);
            return new Seen(
                    camera,
                    views.play(
                            caller,
                            camera,
                            Optional.empty(),
                            Views.Use.PLAY,
                            start,
                            start.plus(Duration.ofSeconds(1))));
        });
        Path path = recordings.file(seen.camera().organisation(), wanted, start);
        try {
            long size = Files.size(path);
            Optional<FileRange> bytes = FileRange.of(range, size);
            response.setHeader("Accept-Ranges", "bytes");
            response.setHeader("Cache-Control", "private, no-store");
            if (bytes.isEmpty()) {
                response.setHeader("Content-Range", "bytes */" + size);
                response.setStatus(416);
                return;
            }
            response.setContentType("video/mp4");
            response.setContentLengthLong(bytes.get().length());
            if (!bytes.get().whole()) {
                response.setStatus(206);
                response.setHeader("Content-Range", bytes.get().contentRange(size));
            }
            bytes.get().copy(path, response.getOutputStream(), () -> views.stands(caller, seen.grant()));
        } catch (NoSuchFileException gone) {
            throw new NotFound("recording", file);
        }
    }

    @GetMapping("/timeline")
    TimelineView timeline(@PathVariable String id, @RequestParam String day, Caller caller) {
        CameraId wanted = CameraController.id(id);
        LocalDate date = day(day);
        Instant from = date.atStartOfDay(zone).toInstant();
        Instant to = date.plusDays(1).atStartOfDay(zone).toInstant();
        Camera camera = transactions.as(access.owners(caller), () -> cameras.find(caller, wanted));
        return TimelineView.of(camera, date, recordings.timeline(camera.organisation(), camera.id(), from, to));
    }

    private Seen live(Caller caller, CameraId id, @Nullable String caseId) {
        return transactions.as(access.owners(caller), () -> {
            Camera camera = cameras.find(caller, id);
            return new Seen(camera, views.live(caller, camera, Optional.ofNullable(caseId)));
        });
    }

    private static Instant fileStart(Segment segment) {
        String name = segment.fileName();
        return Instant.ofEpochMilli(Long.parseLong(name.substring(0, name.length() - 4)));
    }

    private static void playlist(String text, HttpServletResponse response) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        response.setContentType(HlsPlaylist.MEDIA_TYPE);
        response.setHeader("Cache-Control", "private, no-store");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    static Instant instant(String name, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new BadRequest(
                    "video-time",
                    "%s is not a moment.".formatted(name),
                    "Send ISO 8601 in UTC, as 2026-03-01T08:00:00Z.");
        }
    }

    private static LocalDate day(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw new BadRequest("video-day", "day is not a date.", "Send it as 2026-03-01.");
        }
    }
}
