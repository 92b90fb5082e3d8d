package org.conurb.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.conurb.kernel.Json;

/** Makes tokens that look like ours. It holds our key, and so shows that each is refused for its fault alone. */
final class Forger {
    private final ECKey ours;
    private final String issuer;
    private final Clock clock;

    Forger(Path keys, String issuer, Clock clock) throws Exception {
        this.ours = JWKSet.parse(Files.readString(keys)).getKeys().getFirst().toECKey();
        this.issuer = issuer;
        this.clock = clock;
    }

    /** Without a fault. */
    String honest() throws Exception {
        return signed(header(JWSAlgorithm.ES256).build(), claims(all -> {}), new ECDSASigner(ours));
    }

    List<String> all() throws Exception {
        ECKey theirs = new ECKeyGenerator(Curve.P_256).keyID(ours.getKeyID()).generate();
        ECKey larger = new ECKeyGenerator(Curve.P_384).keyID(ours.getKeyID()).generate();
        var rsa = new RSAKeyGenerator(2048).keyID(ours.getKeyID()).generate();
        byte[] publicKey = ours.toECPublicKey().getEncoded();
        String publicJwk = ours.toPublicJWK().toJSONString();
        List<String> forged = new ArrayList<>();
        Map<String, Object> claims = claims(all -> {});

        for (String none : new String[] {"none", "None", "NONE", "nOnE"}) {
            forged.add(encoded("{\"alg\":\"%s\",\"typ\":\"at+jwt\"}".formatted(none)) + "."
                    + encoded(Json.mapper().writeValueAsString(claims)) + ".");
        }
        for (byte[] secret : new byte[][] {
            publicKey, publicJwk.getBytes(UTF_8), pem(publicKey).getBytes(UTF_8)
        }) {
            forged.add(signed(header(JWSAlgorithm.HS256).build(), claims, new MACSigner(secret)));
        }
        forged.add(signed(header(JWSAlgorithm.ES256).build(), claims, new ECDSASigner(theirs)));
        forged.add(signed(header(JWSAlgorithm.ES384).build(), claims, new ECDSASigner(larger)));
        forged.add(signed(header(JWSAlgorithm.RS256).build(), claims, new RSASSASigner(rsa)));
        forged.add(
                signed(header(JWSAlgorithm.ES256).jwk(theirs.toPublicJWK()).build(), claims, new ECDSASigner(theirs)));
        forged.add(signed(
                header(JWSAlgorithm.ES256)
                        .jwkURL(URI.create("http://127.0.0.1:1/jwks"))
                        .build(),
                claims,
                new ECDSASigner(theirs)));
        for (String kid : new String[] {"../../../../dev/null", "' or 1=1 --", ""}) {
            forged.add(signed(
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                            .type(type("at+jwt"))
                            .keyID(kid)
                            .build(),
                    claims,
                    new ECDSASigner(theirs)));
        }
        forged.add(signed(
                header(JWSAlgorithm.ES256)
                        .criticalParams(Set.of("exp2"))
                        .customParam("exp2", 1)
                        .build(),
                claims,
                new ECDSASigner(ours)));
        for (String type : new String[] {"JWT", "dpop+jwt", "logout+jwt"}) {
            forged.add(signed(header(JWSAlgorithm.ES256).type(type(type)).build(), claims, new ECDSASigner(ours)));
        }
        String honest = honest();
        String head = honest.substring(0, honest.lastIndexOf('.') + 1);
        forged.add(head + Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[64])); // r = s = 0
        forged.add(head + encoded("x"));

        long now = clock.instant().getEpochSecond();
        for (Consumer<Map<String, Object>> fault : List.<Consumer<Map<String, Object>>>of(
                all -> all.put("exp", now - 60),
                all -> all.remove("exp"),
                all -> all.put("exp", "tomorrow"),
                all -> all.put("nbf", now + 600),
                all -> all.put("iss", "https://evil.example"),
                all -> all.put("iss", issuer + "/"),
                all -> all.remove("iss"),
                all -> all.remove("sub"),
                all -> all.put("sub", "client:other"),
                all -> all.put("sub", "person:not-an-id"),
                all -> all.put("sub", "person:0195d3a0-0000-7000-8000-000000000001"),
                all -> all.remove("client_id"),
                all -> all.put("client_id", "no-such"),
                all -> all.put("client_id", List.of("installation")))) {
            forged.add(signed(header(JWSAlgorithm.ES256).build(), claims(fault), new ECDSASigner(ours)));
        }
        return forged;
    }

    private JWSHeader.Builder header(JWSAlgorithm algorithm) {
        return new JWSHeader.Builder(algorithm).type(type("at+jwt")).keyID(ours.getKeyID());
    }

    private static JOSEObjectType type(String name) {
        return new JOSEObjectType(name);
    }

    private Map<String, Object> claims(Consumer<Map<String, Object>> fault) {
        long now = clock.instant().getEpochSecond();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", issuer);
        claims.put("sub", "client:installation");
        claims.put("client_id", "installation");
        claims.put("iat", now);
        claims.put("exp", now + 300);
        fault.accept(claims);
        return claims;
    }

    private static String signed(JWSHeader header, Map<String, Object> claims, JWSSigner signer) throws Exception {
        JWSObject token = new JWSObject(header, new Payload(claims));
        token.sign(signer);
        return token.serialize();
    }

    private static String pem(byte[] key) {
        return "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n"
                .formatted(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key));
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }
}
