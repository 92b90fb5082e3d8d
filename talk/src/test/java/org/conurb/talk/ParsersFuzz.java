package org.conurb.talk;

/** Bytes of strangers never throw. */
public final class ParsersFuzz {
    private ParsersFuzz() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        FloorPacketsTest.readAll(bytes);
        SipMessageTest.readAll(bytes);
    }
}
