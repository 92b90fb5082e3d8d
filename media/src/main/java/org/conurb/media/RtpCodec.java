package org.conurb.media;

import java.util.Locale;

/**
 * A codec as an offer or answer names it (RFC 8866 §6.6, §6.15).
 *
 * @param name as registered, {@code H264}, {@code opus}, {@code PCMU}
 * @param clockRate ticks of the RTP timestamp a second
 * @param channels 1 for video
 * @param format value of {@code a=fmtp} without the payload type; empty for none
 */
public record RtpCodec(String name, int clockRate, int channels, String format) {
    private static final String PROFILE = "profile-level-id=";
    private static final String DEFAULT_PROFILE = "42000a";

    /** @param profileLevelId six hexadecimal digits (RFC 6184 §8.1), as the source's SPS has them */
    public static RtpCodec h264(String profileLevelId) {
        return new RtpCodec(
                "H264",
                90_000,
                1,
                "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id="
                        + profileLevelId.toLowerCase(Locale.ROOT));
    }

    public static RtpCodec opus() {
        return new RtpCodec("opus", 48_000, 2, "minptime=10;useinbandfec=1");
    }

    public static RtpCodec pcmu() {
        return new RtpCodec("PCMU", 8_000, 1, "");
    }

    public static RtpCodec pcma() {
        return new RtpCodec("PCMA", 8_000, 1, "");
    }

    /** Whether a stream of the other codec can be sent under this one's payload type at all. */
    boolean carries(RtpCodec other) {
        return name.equalsIgnoreCase(other.name)
                && clockRate == other.clockRate
                && channels == other.channels
                && (!isH264() || packetizationMode() == 1 && other.packetizationMode() == 1);
    }

    /** 0 where the profiles are the same; the more, the less they fit. A decoder of a higher profile reads lower ones. */
    int distance(RtpCodec other) {
        if (!isH264()) {
            return 0;
        }
        int ours = Integer.parseInt(profile().substring(0, 2), 16);
        int theirs = Integer.parseInt(other.profile().substring(0, 2), 16);
        int ranks = rank(ours) - rank(theirs);
        return ranks >= 0 ? ranks : 10 - ranks;
    }

    private static int rank(int profile) {
        return switch (profile) {
            case 0x42 -> 0;
            case 0x4d -> 1;
            case 0x64 -> 2;
            default -> 3;
        };
    }

    boolean isH264() {
        return name.equalsIgnoreCase("H264");
    }

    /** How {@code a=rtpmap} writes it. */
    String encoding() {
        return name + "/" + clockRate + (channels > 1 ? "/" + channels : "");
    }

    /** The format of an answer: Opus' tells what we want to receive, whatever the offer says of its end (RFC 7587 §7); others' is the offer's. */
    String answered() {
        return name.equalsIgnoreCase("opus") ? opus().format() : format;
    }

    private int packetizationMode() {
        return format.replace(" ", "").contains("packetization-mode=1") ? 1 : 0;
    }

    private String profile() {
        String text = format.toLowerCase(Locale.ROOT);
        int at = text.indexOf(PROFILE);
        int from = at + PROFILE.length();
        boolean whole = at >= 0
                && text.length() >= from + 6
                && text.substring(from, from + 6).chars().allMatch(digit -> Character.digit(digit, 16) >= 0);
        return whole ? text.substring(from, from + 6) : DEFAULT_PROFILE;
    }
}
