package org.conurb.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.conurb.kernel.Json;
import tools.jackson.databind.JsonNode;

/** An authenticator in software: one ES256 passkey, made and shown as a browser would (WebAuthn Level 3 §6). */
final class SoftwareKey {
    private static final int PRESENT_AND_VERIFIED = 0x05;
    private static final int WITH_KEY = 0x40;

    private final KeyPair pair;
    private final byte[] id;
    private final String rpId;
    private final String origin;
    private int count;
    int flags = PRESENT_AND_VERIFIED;
    byte[] userHandle = new byte[0];

    SoftwareKey(String rpId, String origin, byte[] id) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        this.pair = generator.generateKeyPair();
        this.id = id;
        this.rpId = rpId;
        this.origin = origin;
    }

    Map<String, Object> create(JsonNode options, String label) throws GeneralSecurityException {
        userHandle = Base64.getUrlDecoder().decode(options.get("user").get("id").asString());
        byte[] data = authenticatorData(true);
        ByteArrayOutputStream attestation = new ByteArrayOutputStream();
        attestation.write(0xa3);
        text(attestation, "fmt");
        text(attestation, "none");
        text(attestation, "attStmt");
        attestation.write(0xa0);
        text(attestation, "authData");
        attestation.write(0x58);
        attestation.write(data.length);
        attestation.writeBytes(data);
        Map<String, Object> response = new LinkedHashMap<>();
        response.put("attestationObject", encoded(attestation.toByteArray()));
        response.put("clientDataJSON", encoded(clientData("webauthn.create", options)));
        response.put("transports", new String[] {"internal"});
        return Map.of("publicKey", Map.of("credential", credential(response), "label", label));
    }

    Map<String, Object> get(JsonNode options) throws GeneralSecurityException {
        count++;
        byte[] data = authenticatorData(false);
        byte[] clientData = clientData("webauthn.get", options);
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(data);
        signature.update(sha256(clientData));
        Map<String, Object> response = new LinkedHashMap<>();
        response.put("authenticatorData", encoded(data));
        response.put("clientDataJSON", encoded(clientData));
        response.put("signature", encoded(signature.sign()));
        response.put("userHandle", encoded(userHandle));
        return credential(response);
    }

    private Map<String, Object> credential(Map<String, Object> response) {
        Map<String, Object> credential = new LinkedHashMap<>();
        credential.put("id", encoded(id));
        credential.put("rawId", encoded(id));
        credential.put("response", response);
        credential.put("type", "public-key");
        credential.put("clientExtensionResults", Map.of());
        credential.put("authenticatorAttachment", "platform");
        return credential;
    }

    private byte[] authenticatorData(boolean withKey) throws GeneralSecurityException {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.writeBytes(sha256(rpId.getBytes(UTF_8)));
        data.write(withKey ? flags | WITH_KEY : flags);
        data.writeBytes(ByteBuffer.allocate(4).putInt(count).array());
        if (withKey) {
            data.writeBytes(new byte[16]);
            data.writeBytes(ByteBuffer.allocate(2).putShort((short) id.length).array());
            data.writeBytes(id);
            ECPublicKey key = (ECPublicKey) pair.getPublic();
            data.writeBytes(
                    new byte[] {(byte) 0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32}); // COSE: EC2, ES256, P-256
            data.writeBytes(fixed(key.getW().getAffineX()));
            data.writeBytes(new byte[] {0x22, 0x58, 32});
            data.writeBytes(fixed(key.getW().getAffineY()));
        }
        return data.toByteArray();
    }

    private byte[] clientData(String type, JsonNode options) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("type", type);
        data.put("challenge", options.get("challenge").asString());
        data.put("origin", origin);
        data.put("crossOrigin", false);
        return Json.mapper().writeValueAsBytes(data);
    }

    private static byte[] fixed(BigInteger coordinate) {
        byte[] bytes = coordinate.toByteArray();
        byte[] fixed = new byte[32];
        int length = Math.min(32, bytes.length);
        System.arraycopy(bytes, bytes.length - length, fixed, 32 - length, length);
        return fixed;
    }

    private static void text(ByteArrayOutputStream to, String text) {
        to.write(0x60 | text.length());
        to.writeBytes(text.getBytes(UTF_8));
    }

    private static byte[] sha256(byte[] bytes) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
