package org.conurb.hub;

import java.nio.ByteBuffer;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The opaque mark of a page: the number of the last entity before it. */
final class Cursor {
    private static final byte FORM = 1;

    private Cursor() {}

    static String write(long iid) {
        byte[] bytes = ByteBuffer.allocate(9).put(FORM).putLong(iid).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** 0 for none. */
    static long read(@Nullable String cursor) {
        if (cursor == null) {
            return 0;
        }
        try {
            byte[] bytes = cursor.length() == 12 ? Base64.getUrlDecoder().decode(cursor) : new byte[0];
            if (bytes.length == 9 && bytes[0] == FORM) {
                return Math.max(0, ByteBuffer.wrap(bytes).getLong(1));
            }
        } catch (IllegalArgumentException notBase64) {
            // told below
        }
        throw NgsiLdFault.badData("cursor is none of ours.", "Take it from Link rel=next of the page before.");
    }
}
