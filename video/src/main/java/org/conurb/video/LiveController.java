package org.conurb.video;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.conurb.hub.Standing;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Ids;
import org.conurb.kernel.NotFound;
import org.conurb.media.MediaWorkers;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Live pictures by WebRTC: seen by WHEP (draft-ietf-wish-whep) at {@code /whep/cameras/{id}}, published by WHIP (RFC 9725)
 * at {@code /whip/cameras/{id}}. An offer is answered with 201, the answer and the session's {@code Location}, which ends
 * with DELETE. Candidates need not be told to us: PATCH takes them and changes nothing, but for new credentials.
 */
@RestController
class LiveController {
    private static final String SDP = "application/sdp";
    private static final String FRAGMENT = "application/trickle-ice-sdpfrag";
    private static final int LONGEST_OFFER = 64 << 10;
    private static final String FEED = "CameraFeed";

    private final Cameras cameras;
    private final LiveSessions sessions;
    private final Views views;
    private final Access access;
    private final Audit audit;
    private final Standing standing;
    private final Transactions transactions;

    LiveController(
            Cameras cameras,
            LiveSessions sessions,
            Views views,
            Access access,
            Audit audit,
            Standing standing,
            Transactions transactions) {
        this.cameras = cameras;
        this.sessions = sessions;
        this.views = views;
        this.access = access;
        this.audit = audit;
        this.standing = standing;
        this.transactions = transactions;
    }

    private record Seen(Camera camera, UUID grant) {}

    /** @param stream {@code main}, or {@code sub} for a wall */
    @PostMapping(value = "/whep/cameras/{id}", consumes = SDP)
    ResponseEntity<byte[]> view(
            @PathVariable String id,
            @RequestParam(defaultValue = "main") String stream,
            @RequestParam(value = "case", required = false) @Nullable String caseId,
            @RequestBody byte[] offer,
            Caller caller,
            HttpServletRequest request) {
        CameraId wanted = CameraController.id(id);
        LiveStream.Kind kind = kind(stream);
        String sdp = text(offer);
        Seen seen = transactions.as(access.owners(caller), () -> {
            Camera camera = cameras.find(caller, wanted);
            return new Seen(camera, views.live(caller, camera, Optional.ofNullable(caseId)));
        });
        LiveSessions.Opened opened =
                sessions.view(caller, seen.camera(), kind, seen.grant(), standing.of(caller, request), sdp);
        return created("/whep/sessions/" + opened.id(), opened);
    }

    @PostMapping(value = "/whip/cameras/{id}", consumes = SDP)
    ResponseEntity<byte[]> publish(
            @PathVariable String id, @RequestBody byte[] offer, Caller caller, HttpServletRequest request) {
        CameraId wanted = CameraController.id(id);
        String sdp = text(offer);
        Camera camera = transactions.as(access.owners(caller), () -> {
            Camera found = cameras.find(caller, wanted);
            access.demand(caller, Action.CREATE, FEED, found.organisation(), found.urn());
            audit.record(AuditEntry.of(caller, "camera.published", Camera.KIND, found.urn(), found.organisation()));
            return found;
        });
        LiveSessions.Opened opened = sessions.publish(caller, camera, standing.of(caller, request), sdp);
        return created("/whip/sessions/" + opened.id(), opened);
    }

    @DeleteMapping({"/whep/sessions/{id}", "/whip/sessions/{id}"})
    ResponseEntity<Void> end(@PathVariable String id, Caller caller) {
        sessions.end(caller, id(id));
        return ResponseEntity.ok().build();
    }

    @PatchMapping(
            value = {"/whep/sessions/{id}", "/whip/sessions/{id}"},
            consumes = FRAGMENT)
    ResponseEntity<byte[]> patch(@PathVariable String id, @RequestBody byte[] fragment, Caller caller) {
        UUID session = id(id);
        String text = text(fragment);
        if (!text.contains("a=ice-pwd:") || text.contains("a=candidate:")) {
            sessions.demand(caller, session);
            return ResponseEntity.noContent().build();
        }
        MediaWorkers.Restarted restarted = sessions.restart(caller, session, text);
        return ResponseEntity.ok()
                .header(HttpHeaders.CONTENT_TYPE, FRAGMENT)
                .body(restarted.fragment().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static ResponseEntity<byte[]> created(String location, LiveSessions.Opened opened) {
        return ResponseEntity.status(201)
                .header(HttpHeaders.LOCATION, location)
                .header(HttpHeaders.CONTENT_TYPE, SDP)
                .header("Accept-Patch", FRAGMENT)
                .body(opened.answer().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static LiveStream.Kind kind(String stream) {
        for (LiveStream.Kind kind : LiveStream.Kind.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(stream)) {
                return kind;
            }
        }
        throw new BadRequest(
                "live-stream", "There is no such stream.", "Use one of %s.".formatted(List.of("main", "sub")));
    }

    private static String text(byte[] body) {
        if (body.length > LONGEST_OFFER) {
            throw new BadRequest("live-offer", "An offer has at most %d bytes.".formatted(LONGEST_OFFER), "Send SDP.");
        }
        return new String(body, java.nio.charset.StandardCharsets.UTF_8);
    }

    private static UUID id(String text) {
        return Ids.parse("LiveSession", text).orElseThrow(() -> new NotFound("live session", text));
    }
}
