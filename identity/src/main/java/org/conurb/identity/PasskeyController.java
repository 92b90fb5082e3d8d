package org.conurb.identity;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Category;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Json;
import org.conurb.kernel.NotFound;
import org.conurb.store.Transactions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.webauthn.api.AuthenticatorAssertionResponse;
import org.springframework.security.web.webauthn.api.Bytes;
import org.springframework.security.web.webauthn.api.PublicKeyCredential;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialCreationOptions;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialRequestOptions;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialUserEntity;
import org.springframework.security.web.webauthn.jackson.WebauthnJacksonModule;
import org.springframework.security.web.webauthn.management.ImmutablePublicKeyCredentialCreationOptionsRequest;
import org.springframework.security.web.webauthn.management.ImmutablePublicKeyCredentialRequestOptionsRequest;
import org.springframework.security.web.webauthn.management.ImmutableRelyingPartyRegistrationRequest;
import org.springframework.security.web.webauthn.management.RelyingPartyAuthenticationRequest;
import org.springframework.security.web.webauthn.management.RelyingPartyPublicKey;
import org.springframework.security.web.webauthn.management.WebAuthnRelyingPartyOperations;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * Passkeys (WebAuthn Level 3), at the paths and in the form of Spring Security's own filters. Those keep their questions
 * in the web container's session, which we have none of; so this asks Spring's relying party itself.
 */
@RestController
class PasskeyController {
    private static final Logger log = LoggerFactory.getLogger(PasskeyController.class);

    private record Registration(RelyingPartyPublicKey publicKey) {}

    /** Made at the first use: most starts need neither. Browsers may send more members than are read. */
    private static final class Form {
        private static final JsonMapper MAPPER = Json.builder()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .addModule(new WebauthnJacksonModule())
                .build();
        private static final JavaType REGISTRATION = MAPPER.constructType(Registration.class);
        private static final JavaType ASSERTION = MAPPER.getTypeFactory()
                .constructType(new TypeReference<PublicKeyCredential<AuthenticatorAssertionResponse>>() {});
    }

    private final Supplier<WebAuthnRelyingPartyOperations> relyingParty;
    private final Passkeys passkeys;
    private final PersonStore people;
    private final Sessions sessions;
    private final SessionController console;
    private final SessionCookie cookie;
    private final Throttle throttle;
    private final Transactions transactions;
    private final Audit audit;
    private final Callers callers;
    private final Ceremonies<PublicKeyCredentialCreationOptions> registrations;
    private final Ceremonies<PublicKeyCredentialRequestOptions> signIns;

    PasskeyController(
            Supplier<WebAuthnRelyingPartyOperations> relyingParty,
            Passkeys passkeys,
            PersonStore people,
            Sessions sessions,
            SessionController console,
            SessionCookie cookie,
            Throttle throttle,
            Transactions transactions,
            Audit audit,
            Callers callers,
            Clock clock) {
        this.relyingParty = relyingParty;
        this.passkeys = passkeys;
        this.people = people;
        this.sessions = sessions;
        this.console = console;
        this.cookie = cookie;
        this.throttle = throttle;
        this.transactions = transactions;
        this.audit = audit;
        this.callers = callers;
        this.registrations = new Ceremonies<>(clock);
        this.signIns = new Ceremonies<>(clock);
    }

    @PostMapping("/webauthn/register/options")
    ResponseEntity<byte[]> registerOptions(HttpServletRequest request) {
        Authentication person = session();
        PublicKeyCredentialCreationOptions options = transactions.asSystem(() -> relyingParty
                .get()
                .createPublicKeyCredentialCreationOptions(
                        new ImmutablePublicKeyCredentialCreationOptionsRequest(person)));
        registrations.ask(browser(request), options);
        return json(Form.MAPPER.writeValueAsBytes(options));
    }

    @PostMapping("/webauthn/register")
    ResponseEntity<Map<String, Object>> register(HttpServletRequest request) {
        Session session = session().session();
        RelyingPartyPublicKey made =
                Body.<Registration>read(request, Form.MAPPER, Form.REGISTRATION).publicKey();
        PublicKeyCredentialCreationOptions options = registrations
                .answered(browser(request))
                .orElseThrow(() -> new Failures.PasskeyRefused(Category.REQUEST));
        UUID entry = transactions.asSystem(() -> {
            verified(
                    Category.REQUEST,
                    () -> relyingParty
                            .get()
                            .registerCredential(new ImmutableRelyingPartyRegistrationRequest(options, made)));
            return record(request, "passkey.added");
        });
        sessions.forgetAll();
        log.atInfo().addKeyValue("person", session.person().id()).log("passkey.added");
        return ResponseEntity.ok().header("Conurb-Audit", entry.toString()).body(Map.of("success", true));
    }

    @GetMapping("/webauthn/register")
    Map<String, List<Passkeys.Listed>> list() {
        UUID person = session().session().person().id();
        return Map.of("items", transactions.asSystem(() -> passkeys.of(person)));
    }

    @DeleteMapping("/webauthn/register/{id}")
    ResponseEntity<Void> remove(HttpServletRequest request, @PathVariable String id) {
        UUID person = session().session().person().id();
        UUID entry = transactions.asSystem(() -> {
            if (id.length() > 2000 || !id.matches("[A-Za-z0-9_-]+") || !passkeys.remove(person, Bytes.fromBase64(id))) {
                throw new NotFound("passkey", id.length() > 100 ? id.substring(0, 100) : id);
            }
            return record(request, "passkey.removed");
        });
        sessions.forgetAll();
        return ResponseEntity.noContent()
                .header("Conurb-Audit", entry.toString())
                .build();
    }

    @PostMapping("/webauthn/authenticate/options")
    ResponseEntity<byte[]> signInOptions(HttpServletRequest request) {
        PublicKeyCredentialRequestOptions options = transactions.asSystem(() -> relyingParty
                .get()
                .createCredentialRequestOptions(new ImmutablePublicKeyCredentialRequestOptionsRequest(
                        SecurityContextHolder.getContext().getAuthentication())));
        signIns.ask(browser(request), options);
        return json(Form.MAPPER.writeValueAsBytes(options));
    }

    @PostMapping("/login/webauthn")
    ResponseEntity<Map<String, Object>> signIn(HttpServletRequest request, HttpServletResponse response) {
        String address = request.getRemoteAddr();
        throttle.attempt("", address).ifPresent(wait -> {
            throw new Failures.Throttled(wait);
        });
        PublicKeyCredentialRequestOptions options = signIns.answered(browser(request))
                .orElseThrow(() -> new Failures.PasskeyRefused(Category.UNKNOWN_CALLER));
        PublicKeyCredential<AuthenticatorAssertionResponse> shown = Body.read(request, Form.MAPPER, Form.ASSERTION);
        Person person = transactions.asSystem(() -> {
            PublicKeyCredentialUserEntity user = verified(
                    Category.UNKNOWN_CALLER,
                    () -> relyingParty.get().authenticate(new RelyingPartyAuthenticationRequest(options, shown)));
            return people.byId(Passkeys.person(user.getId()))
                    .orElseThrow(() -> new Failures.PasskeyRefused(Category.UNKNOWN_CALLER));
        });
        throttle.succeeded("", address);
        return console.opened(person, "passkey", request, response);
    }

    private UUID record(HttpServletRequest request, String action) {
        Caller caller = callers.of(request);
        return audit.record(AuditEntry.of(caller, action, "Person", caller.subject(), caller.organisation()));
    }

    /** The libraries below refuse a forged or mangled answer with exceptions of many kinds. */
    private static <T> T verified(Category category, Supplier<T> ceremony) {
        try {
            return ceremony.get();
        } catch (ConurbException | DataAccessException e) {
            throw e;
        } catch (RuntimeException e) {
            log.atInfo().addKeyValue("reason", e.getClass().getSimpleName()).log("passkey.refused");
            throw new Failures.PasskeyRefused(category);
        }
    }

    private static SessionAuthentication session() {
        if (SecurityContextHolder.getContext().getAuthentication() instanceof SessionAuthentication session) {
            return session;
        }
        throw new Failures.SignInNeeded();
    }

    private String browser(HttpServletRequest request) {
        return cookie.value(request)
                .orElseThrow(() -> new BadRequest(
                        "cookie-missing", "The browser sent no cookie of ours.", "Ask GET /api/session first."));
    }

    private static ResponseEntity<byte[]> json(byte[] body) {
        return ResponseEntity.ok().header("Content-Type", "application/json").body(body);
    }
}
