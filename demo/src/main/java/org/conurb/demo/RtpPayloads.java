package org.conurb.demo;

import java.util.ArrayList;
import java.util.List;

/** Cuts NAL units into RTP payloads: small ones together (STAP-A), large ones in pieces (FU-A); RFC 6184 §5.7, §5.8. */
final class RtpPayloads {
    static final int MOST = 1_400;
    private static final int STAP_A = 24;
    private static final int FU_A = 28;

    private RtpPayloads() {}

    static List<byte[]> of(List<byte[]> nals) {
        List<byte[]> payloads = new ArrayList<>();
        List<byte[]> together = new ArrayList<>();
        int size = 1;
        for (byte[] nal : nals) {
            if (size + 2 + nal.length > MOST) {
                flush(together, payloads);
                size = 1;
            }
            if (nal.length > MOST - 3) {
                pieces(nal, payloads);
            } else {
                together.add(nal);
                size += 2 + nal.length;
            }
        }
        flush(together, payloads);
        return payloads;
    }

    private static void flush(List<byte[]> together, List<byte[]> payloads) {
        if (together.size() == 1) {
            payloads.add(together.getFirst());
        } else if (!together.isEmpty()) {
            byte[] payload = new byte
                    [1 + together.stream().mapToInt(nal -> 2 + nal.length).sum()];
            payload[0] = (byte) (together.getFirst()[0] & 0x60 | STAP_A);
            int at = 1;
            for (byte[] nal : together) {
                payload[at++] = (byte) (nal.length >>> 8);
                payload[at++] = (byte) nal.length;
                System.arraycopy(nal, 0, payload, at, nal.length);
                at += nal.length;
            }
            payloads.add(payload);
        }
        together.clear();
    }

    private static void pieces(byte[] nal, List<byte[]> payloads) {
        for (int at = 1; at < nal.length; at += MOST - 2) {
            int length = Math.min(MOST - 2, nal.length - at);
            byte[] payload = new byte[2 + length];
            payload[0] = (byte) (nal[0] & 0x60 | FU_A);
            int start = at == 1 ? 0x80 : 0;
            int end = at + length == nal.length ? 0x40 : 0;
            payload[1] = (byte) (start | end | nal[0] & 0x1f);
            System.arraycopy(nal, at, payload, 2, length);
            payloads.add(payload);
        }
    }
}
