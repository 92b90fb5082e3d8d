package org.conurb.demo;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Digest authentication as cameras do it: MD5, without qop (RFC 2617 §3.2.2, RFC 2326 §D.1.2). Invented credentials only. */
record Digest(String user, String password) {
    static final String REALM = "Invented cameras";
    private static final Pattern FIELD = Pattern.compile("(\\w+)=(?:\"([^\"]*)\"|([^,\\s]+))");

    String challenge(String nonce) {
        return "Digest realm=\"%s\", nonce=\"%s\"".formatted(REALM, nonce);
    }

    /** Whether the header answers the challenge for this method; the address counts as the client wrote it. */
    boolean opens(String authorization, String method, String nonce) {
        if (!authorization.startsWith("Digest ")) {
            return false;
        }
        Map<String, String> fields = new TreeMap<>();
        Matcher field = FIELD.matcher(authorization);
        while (field.find()) {
            fields.put(field.group(1), field.group(2) != null ? field.group(2) : field.group(3));
        }
        String expected = md5(md5(user + ":" + REALM + ":" + password) + ":" + nonce + ":"
                + md5(method + ":" + fields.getOrDefault("uri", "")));
        return user.equals(fields.get("username"))
                && nonce.equals(fields.get("nonce"))
                && MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.US_ASCII),
                        fields.getOrDefault("response", "").getBytes(StandardCharsets.US_ASCII));
    }

    static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
