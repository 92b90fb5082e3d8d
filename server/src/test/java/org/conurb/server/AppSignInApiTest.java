package org.conurb.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.conurb.server.TestSite.Call;
import org.conurb.server.TestSite.Reply;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** An app of somebody else acts for a person: code with PKCE (RFC 7636), from the console's session to the data. */
class AppSignInApiTest {
    private static final String REDIRECT = "http://127.0.0.1:9/callback";

    private final TestSite site = TestSite.shared();

    @Test
    void aDispatcherLetsAnAppInByCodeAndProofKeyAndItSeesWhatBothMay() throws Exception {
        String id = site.asInstaller()
                .post(
                        "/api/identity/clients",
                        Map.of(
                                "name",
                                "Crew app",
                                "organisation",
                                "control-room",
                                "roles",
                                List.of("dispatcher"),
                                "redirectUris",
                                List.of(REDIRECT),
                                "public",
                                true))
                .expect(201)
                .json()
                .path("clientId")
                .asString();
        String verifier = "v".repeat(64);
        String challenge = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(US_ASCII)));
        String authorize = "/oauth2/authorize?response_type=code&scope=openid&state=s1&client_id=" + id
                + "&redirect_uri=" + encoded(REDIRECT) + "&code_challenge_method=S256&code_challenge=" + challenge;

        Reply toSignIn = site.asNobody().get(authorize).expect(302);
        assertThat(URLDecoder.decode(toSignIn.header("Location"), UTF_8)).isEqualTo("/?continue=" + authorize);

        Call amara = signedIn("amara.okafor");
        String code = code(amara, authorize);
        String exchange = "grant_type=authorization_code&client_id=%s&redirect_uri=%s&code=%s&code_verifier="
                .formatted(id, encoded(REDIRECT), code);
        form(exchange + "w".repeat(64)).expect(400);
        code = code(amara, authorize);
        exchange = exchange.replaceFirst("code=[^&]+", "code=" + code);
        Call app = site.with(form(exchange + verifier)
                .expect(200)
                .json()
                .path("access_token")
                .asString());

        app.get("/api/incidents").expect(200);
        app.get("/ngsi-ld/v1/entities?type=Unit&limit=1").expect(200);
        app.post(
                        "/api/identity/people",
                        Map.of(
                                "username",
                                "eve",
                                "name",
                                "Eve",
                                "roles",
                                Map.of("control-room", List.of("dispatcher"))))
                .expect(403);
        site.asInstaller().delete("/api/identity/clients/" + id).expect(204);
        app.get("/api/incidents").expect(401);
    }

    /** As the console does: the session's cookie and its token against cross-site requests. */
    private Call signedIn(String username) {
        Reply visit = site.asNobody().get("/api/session");
        Call before = withCookie(visit, site.asNobody()).header("X-CSRF-TOKEN", csrf(visit));
        Reply signedIn = before.post("/api/session", Map.of("username", username, "password", site.password(username)))
                .expect(200);
        return withCookie(signedIn, site.asNobody());
    }

    private static Call withCookie(Reply reply, Call call) {
        Optional<String> cookie = reply.headers().allValues("Set-Cookie").stream()
                .filter(each -> each.startsWith("CONURB="))
                .findFirst();
        return cookie.isEmpty() ? call : call.header("Cookie", cookie.get().split(";", 2)[0]);
    }

    private static String csrf(Reply reply) {
        JsonNode csrf = reply.json().path("csrf");
        return csrf.asString();
    }

    private static String code(Call person, String authorize) {
        Reply reply = person.get(authorize).expect(302);
        assertThat(reply.header("Location")).startsWith(REDIRECT).contains("state=s1");
        return URI.create(reply.header("Location")).getQuery().replaceAll(".*code=([^&]+).*", "$1");
    }

    private Reply form(String body) {
        return site.asNobody().send("POST", "/oauth2/token", body.getBytes(UTF_8), "application/x-www-form-urlencoded");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }
}
