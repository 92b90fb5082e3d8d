package org.conurb.demo;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** NAL units between start codes (H.264 Annex B). */
final class AnnexB {
    static final int SLICE = 1;
    static final int KEY_SLICE = 5;
    static final int SPS = 7;
    static final int PPS = 8;

    private AnnexB() {}

    static int type(byte[] nal) {
        return nal[0] & 0x1f;
    }

    /** The NAL units of a stream, each with its header byte and without its start code. */
    static List<byte[]> split(byte[] stream) {
        List<byte[]> nals = new ArrayList<>();
        int start = -1;
        for (int i = 0; i + 2 < stream.length; i++) {
            if (stream[i] == 0 && stream[i + 1] == 0 && stream[i + 2] == 1) {
                add(nals, stream, start, i);
                start = i + 3;
                i += 2;
            }
        }
        add(nals, stream, start, stream.length);
        return nals;
    }

    private static void add(List<byte[]> nals, byte[] stream, int from, int to) {
        int end = to;
        while (from >= 0 && end > from && stream[end - 1] == 0) {
            end--;
        }
        if (from >= 0 && end > from) {
            nals.add(Arrays.copyOfRange(stream, from, end));
        }
    }

    static byte[] join(List<byte[]> nals) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (byte[] nal : nals) {
            stream.writeBytes(new byte[] {0, 0, 0, 1});
            stream.writeBytes(nal);
        }
        return stream.toByteArray();
    }
}
