package org.conurb.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * A loop of coded pictures, cut into RTP payloads once and shared by all cameras that show it.
 *
 * @param strip rows of macroblocks above the pictures that are left for a {@link ClockStrip}; 0 for a clip of others
 */
record Clip(byte[] sps, byte[] pps, List<Picture> pictures, int strip) {
    static final int TICKS_A_PICTURE = 90_000 / ClipMaker.FRAMES_A_SECOND;

    /**
     * @param payloads of RTP packets, in order
     * @param number frame_num of its slice
     */
    record Picture(boolean key, int number, int idr, List<byte[]> payloads) {}

    static Clip resource(String name) {
        try (InputStream in = Clip.class.getResourceAsStream("/clips/" + name + ".h264")) {
            if (in == null) {
                throw new IllegalArgumentException("There is no clip " + name + ".");
            }
            return of(in.readAllBytes(), name.endsWith("-sub") ? 1 : 2);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param stream H.264 in Annex B form: parameter sets, then pictures without B frames, the first one a key picture */
    static Clip of(byte[] stream, int strip) {
        byte[] sps = {};
        byte[] pps = {};
        List<Picture> pictures = new ArrayList<>();
        for (byte[] nal : AnnexB.split(stream)) {
            switch (AnnexB.type(nal)) {
                case AnnexB.SPS -> sps = sps.length == 0 ? nal : sps;
                case AnnexB.PPS -> pps = pps.length == 0 ? nal : pps;
                case AnnexB.SLICE, AnnexB.KEY_SLICE -> add(pictures, nal, sps, strip);
                default -> {} // words of the encoder
            }
        }
        if (sps.length == 0
                || pps.length == 0
                || pictures.isEmpty()
                || !pictures.getFirst().key()) {
            throw new IllegalArgumentException("The clip does not begin with parameter sets and a key picture.");
        }
        return new Clip(sps, pps, List.copyOf(pictures), strip);
    }

    private static void add(List<Picture> pictures, byte[] nal, byte[] sps, int strip) {
        boolean key = AnnexB.type(nal) == AnnexB.KEY_SLICE;
        BitReader slice = new BitReader(nal);
        boolean first =
                slice.ue() == (strip == 0 ? 0 : strip * SequenceSet.read(sps).columns());
        if (!first && !pictures.isEmpty()) {
            Picture whole = pictures.removeLast();
            List<byte[]> payloads = new ArrayList<>(whole.payloads());
            payloads.addAll(RtpPayloads.of(List.of(nal)));
            pictures.add(new Picture(whole.key(), whole.number(), whole.idr(), List.copyOf(payloads)));
            return;
        }
        int number = 0;
        int idr = 0;
        if (strip > 0) {
            slice.ue();
            slice.ue();
            number = slice.u(SequenceSet.read(sps).frameNumberBits());
            idr = key ? slice.ue() : 0;
        }
        pictures.add(new Picture(key, number, idr, RtpPayloads.of(List.of(nal))));
    }

    /** Number of the key picture at or before this one. */
    int keyBefore(int picture) {
        int at = picture;
        while (!pictures.get(at).key()) {
            at--;
        }
        return at;
    }

    /** What SDP says of it (RFC 6184 §8.1). */
    String formatParameters() {
        Base64.Encoder base64 = Base64.getEncoder();
        return "packetization-mode=1;profile-level-id=%s;sprop-parameter-sets=%s,%s"
                .formatted(
                        HexFormat.of().withUpperCase().formatHex(sps, 1, 4),
                        base64.encodeToString(sps),
                        base64.encodeToString(pps));
    }
}
