package org.conurb.talk;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Appends fields of floor messages (TS 24.380 8.2.3), each filled up with zeros to whole words. */
final class FloorFieldWriter {
    private final ByteBuffer into;

    FloorFieldWriter(ByteBuffer into) {
        this.into = into;
    }

    /** @param value 0 to 65535 */
    void number(int field, int value) {
        into.put((byte) field).put((byte) 2).putShort((short) value);
    }

    /** Two of 0 to 255; the second is spare in most fields. */
    void octets(int field, int first, int second) {
        number(field, (first & 0xFF) << 8 | (second & 0xFF));
    }

    void indicator(FloorIndicator indicator) {
        number(FloorField.INDICATOR, indicator.bits());
    }

    /** Nothing for none. */
    void text(int field, @Nullable String text) {
        if (text != null) {
            byte[] octets = utf8(text, FloorField.LONGEST);
            into.put((byte) field).put((byte) octets.length).put(octets);
            fill(2 + octets.length);
        }
    }

    void cause(int cause, String phrase) {
        byte[] octets = utf8(phrase, FloorField.LONGEST - 2);
        into.put((byte) FloorField.REJECT_CAUSE).put((byte) (2 + octets.length)).putShort((short) cause);
        into.put(octets);
        fill(4 + octets.length);
    }

    /** Nothing for 0. Its length counts the two spare octets behind it. */
    void ssrc(int ssrc) {
        if (ssrc != 0) {
            into.put((byte) FloorField.SSRC).put((byte) 6).putInt(ssrc).putShort((short) 0);
        }
    }

    /**
     * One as Granted Party's Identity, several as List of Granted Users, each with their aliases. A field has 255 octets: of
     * a list that does not fit the latest are told.
     */
    void parties(List<GrantedParty> parties) {
        List<GrantedParty> told = thatFit(parties);
        if (told.size() > 1) {
            list(
                    FloorField.GRANTED_USERS,
                    told.stream().map(GrantedParty::mcpttId).toList());
            list(
                    FloorField.FUNCTIONAL_ALIASES,
                    told.stream().map(FloorFieldWriter::alias).toList());
        } else if (!parties.isEmpty()) {
            text(FloorField.GRANTED_PARTY, parties.getLast().mcpttId());
            text(FloorField.FUNCTIONAL_ALIAS, parties.getLast().functionalAlias());
        }
    }

    private static List<GrantedParty> thatFit(List<GrantedParty> parties) {
        List<GrantedParty> told = new ArrayList<>();
        int users = 1;
        int aliases = 1;
        for (GrantedParty party : parties.reversed()) {
            users += 1 + utf8(party.mcpttId(), FloorField.LONGEST).length;
            aliases += 1 + utf8(alias(party), FloorField.LONGEST).length;
            if (users > FloorField.LONGEST || aliases > FloorField.LONGEST) {
                break;
            }
            told.addFirst(party);
        }
        return told;
    }

    private static String alias(GrantedParty party) {
        return party.functionalAlias() == null ? "" : party.functionalAlias();
    }

    private void list(int field, List<String> texts) {
        int at = into.position();
        into.put((byte) field).put((byte) 0).put((byte) texts.size());
        for (String text : texts) {
            byte[] octets = utf8(text, FloorField.LONGEST);
            into.put((byte) octets.length).put(octets);
        }
        int length = into.position() - at - 2;
        into.put(at + 1, (byte) length);
        fill(2 + length);
    }

    private void fill(int length) {
        for (int i = length; i % 4 != 0; i++) {
            into.put((byte) 0);
        }
    }

    /** As much of it as there is room for, in whole characters. */
    private static byte[] utf8(String text, int most) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        if (octets.length <= most) {
            return octets;
        }
        int end = most;
        while ((octets[end] & 0xC0) == 0x80) {
            end--;
        }
        return Arrays.copyOf(octets, end);
    }
}
