package org.conurb.identity;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.OrganisationId;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The console's session. */
@RestController
@RequestMapping("/api/session")
class SessionController {
    private static final String AUDIT = "Conurb-Audit";

    private final SignIn signIn;
    private final Sessions sessions;
    private final SessionCookie cookie;
    private final SessionView view;

    SessionController(SignIn signIn, Sessions sessions, SessionCookie cookie, SessionView view) {
        this.signIn = signIn;
        this.sessions = sessions;
        this.cookie = cookie;
        this.view = view;
    }

    @GetMapping
    Map<String, Object> read(HttpServletRequest request, HttpServletResponse response) {
        String csrf = cookie.csrf(cookie.value(request).orElseGet(() -> cookie.renew(request, response, false)));
        return current(request).map(session -> view.of(session, csrf)).orElseGet(() -> view.signedOut(csrf));
    }

    @PostMapping
    ResponseEntity<Map<String, Object>> open(HttpServletRequest request, HttpServletResponse response) {
        ObjectNode body = Body.object(request);
        Person person =
                signIn.withPassword(Body.text(body, "username"), Body.text(body, "password"), request.getRemoteAddr());
        return opened(person, "password", request, response);
    }

    /** A session always gets a new cookie, so that one planted before sign-in is worth nothing. */
    ResponseEntity<Map<String, Object>> opened(
            Person person, String means, HttpServletRequest request, HttpServletResponse response) {
        current(request).ifPresent(sessions::close);
        String value = cookie.renew(request, response, true);
        Sessions.Changed opened = sessions.open(person, value, means);
        return answer(opened, value);
    }

    @PatchMapping
    ResponseEntity<Map<String, Object>> change(HttpServletRequest request) {
        Session session = demand(request);
        ObjectNode body = Body.object(request);
        if (body.isEmpty() || !Set.of("organisation", "seat").containsAll(body.propertyNames())) {
            throw new BadRequest(
                    "session-change",
                    "Nothing to change, or something else than organisation and seat.",
                    "Send {\"organisation\":\"…\"}, {\"seat\":\"…\"} or both; \"seat\":null leaves the seat.");
        }
        Optional<Sessions.Changed> changed = Optional.empty();
        if (body.has("organisation")) {
            changed = Optional.of(sessions.actFor(session, new OrganisationId(Body.text(body, "organisation"))));
        }
        JsonNode seat = body.get("seat");
        if (seat != null) {
            Session now = changed.map(Sessions.Changed::session).orElse(session);
            changed = Optional.of(
                    sessions.sit(now, seat.isNull() ? Optional.empty() : Optional.of(Body.text(body, "seat"))));
        }
        return answer(changed.orElseThrow(), cookie.value(request).orElseThrow());
    }

    /** A new password of one's own, proved by the one before. All other sessions of the person end. */
    @PutMapping("/password")
    ResponseEntity<Map<String, Object>> password(HttpServletRequest request, HttpServletResponse response) {
        Session session = demand(request);
        ObjectNode body = Body.object(request);
        Person person = signIn.changePassword(
                session, Body.text(body, "current"), Body.text(body, "password"), request.getRemoteAddr());
        String value = cookie.renew(request, response, true);
        return answer(sessions.open(person, value, "new password"), value);
    }

    @DeleteMapping
    ResponseEntity<Void> close(HttpServletRequest request, HttpServletResponse response) {
        Optional<Session> session = current(request);
        cookie.renew(request, response, false);
        ResponseEntity.HeadersBuilder<?> answer = ResponseEntity.noContent();
        session.ifPresent(each -> answer.header(AUDIT, sessions.close(each).toString()));
        return answer.build();
    }

    /** @throws Failures.SignInNeeded where nobody is signed in */
    Session demand(HttpServletRequest request) {
        return current(request).orElseThrow(Failures.SignInNeeded::new);
    }

    private Optional<Session> current(HttpServletRequest request) {
        return cookie.session(request).flatMap(sessions::find);
    }

    private ResponseEntity<Map<String, Object>> answer(Sessions.Changed changed, String value) {
        return ResponseEntity.ok()
                .header(AUDIT, changed.audit().toString())
                .body(view.of(changed.session(), cookie.csrf(value)));
    }
}
