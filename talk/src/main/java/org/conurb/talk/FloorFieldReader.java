package org.conurb.talk;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one floor message (TS 24.380 8.2.3), in any order; of one that comes twice the last counts. Refuses a field
 * that is longer than its packet or shorter than what it carries. Holds no more than the packet does.
 */
final class FloorFieldReader {
    int priority;
    int duration;
    /** -1 where there is none, as the next ones. */
    int cause = -1;

    String phrase = "";
    int position = -1;
    int queuePriority;
    int permission;

    @Nullable
    String userId;

    int sequence;
    int source = -1;
    int messageType = -1;
    int ssrc;
    private int indicator;
    private @Nullable String grantedParty;
    private @Nullable String alias;
    private List<String> users = List.of();
    private List<String> aliases = List.of();

    /** @return whether all between the two makes sense */
    boolean read(ByteBuffer in, int from, int end) {
        int at = from;
        while (at < end) {
            int field = in.get(at) & 0xFF;
            int header = field < FloorField.LONG_FROM ? 2 : 3;
            if (at + header > end) {
                return false;
            }
            int length = header == 2 ? in.get(at + 1) & 0xFF : in.getShort(at + 1) & 0xFFFF;
            if (length > end - at - header || !field(in, field, at + header, length)) {
                return false;
            }
            at += header + length + 3 & ~3;
        }
        return true;
    }

    private boolean field(ByteBuffer in, int field, int at, int length) {
        if (length < shortest(field)) {
            return false;
        }
        switch (field) {
            case FloorField.PRIORITY -> priority = in.get(at) & 0xFF;
            case FloorField.DURATION -> duration = u16(in, at);
            case FloorField.REJECT_CAUSE -> {
                cause = u16(in, at);
                phrase = text(in, at + 2, length - 2);
            }
            case FloorField.QUEUE_INFO -> {
                position = in.get(at) & 0xFF;
                queuePriority = in.get(at + 1) & 0xFF;
            }
            case FloorField.GRANTED_PARTY -> grantedParty = text(in, at, length);
            case FloorField.PERMISSION -> permission = u16(in, at);
            case FloorField.USER_ID -> userId = text(in, at, length);
            case FloorField.SEQUENCE -> sequence = u16(in, at);
            case FloorField.SOURCE -> source = u16(in, at);
            case FloorField.MESSAGE_TYPE -> messageType = in.get(at) & 0xFF;
            case FloorField.INDICATOR -> indicator = u16(in, at);
            case FloorField.SSRC -> ssrc = in.getInt(at);
            case FloorField.FUNCTIONAL_ALIAS -> alias = text(in, at, length);
            case FloorField.GRANTED_USERS -> {
                users = list(in, at, length);
                return users.size() == (in.get(at) & 0xFF);
            }
            case FloorField.FUNCTIONAL_ALIASES -> {
                aliases = list(in, at, length);
                return aliases.size() == (in.get(at) & 0xFF);
            }
            default -> {}
        }
        return true;
    }

    private static int shortest(int field) {
        return switch (field) {
            case FloorField.PRIORITY,
                    FloorField.MESSAGE_TYPE,
                    FloorField.GRANTED_USERS,
                    FloorField.FUNCTIONAL_ALIASES -> 1;
            case FloorField.DURATION,
                    FloorField.REJECT_CAUSE,
                    FloorField.QUEUE_INFO,
                    FloorField.PERMISSION,
                    FloorField.SEQUENCE,
                    FloorField.SOURCE,
                    FloorField.INDICATOR -> 2;
            case FloorField.SSRC -> 4;
            default -> 0;
        };
    }

    FloorIndicator indicator() {
        return new FloorIndicator(indicator);
    }

    @Nullable
    String functionalAlias() {
        return alias;
    }

    List<GrantedParty> parties() {
        if (users.isEmpty()) {
            return grantedParty == null ? List.of() : List.of(new GrantedParty(grantedParty, alias));
        }
        List<GrantedParty> parties = new ArrayList<>(users.size());
        for (int i = 0; i < users.size(); i++) {
            String name = i < aliases.size() ? aliases.get(i) : "";
            parties.add(new GrantedParty(users.get(i), name.isEmpty() ? null : name));
        }
        return parties;
    }

    /** Those that are whole, of a count, and a length before each. */
    private static List<String> list(ByteBuffer in, int at, int length) {
        int count = in.get(at) & 0xFF;
        int end = at + length;
        int next = at + 1;
        List<String> texts = new ArrayList<>();
        while (texts.size() < count && next < end && next + 1 + (in.get(next) & 0xFF) <= end) {
            int octets = in.get(next) & 0xFF;
            texts.add(text(in, next + 1, octets));
            next += 1 + octets;
        }
        return texts;
    }

    private static String text(ByteBuffer in, int at, int length) {
        byte[] octets = new byte[length];
        in.get(at, octets);
        return new String(octets, StandardCharsets.UTF_8);
    }

    private static int u16(ByteBuffer in, int at) {
        return in.getShort(at) & 0xFFFF;
    }
}
