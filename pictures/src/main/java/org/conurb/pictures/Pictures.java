package org.conurb.pictures;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The process: reads one request after another from its standard input and answers on its standard output, until its
 * input ends. All numbers are big-endian.
 *
 * <p>A request: length of what follows (4, at most 16 MB), codec (1: 1 is H.264, 2 is H.265), width of the picture wanted
 * (4; 0 for its own, never enlarged), length of the parameter sets (4), these as {@code avcC} or {@code hvcC} has them, one
 * access unit with a key frame, its NAL units behind 4 bytes of length.
 *
 * <p>An answer: length of what follows (4), 0 for a picture (1), width and height (4 each) of the camera's own picture, 576
 * bytes of brightness (32 by 18, top left first), a JPEG. Or 1 (1) and why there is none, as UTF-8.
 */
public final class Pictures {
    static final int MOST = 16 << 20;
    private static final int LONGEST_REASON = 500;

    private Pictures() {}

    public static void main(String[] arguments) throws IOException {
        // The protocol's stream is ours alone: whatever a library prints goes elsewhere.
        OutputStream answers = System.out;
        System.setOut(System.err);
        serve(System.in, answers);
    }

    static void serve(InputStream requests, OutputStream answers) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(requests, 1 << 16));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(answers, 1 << 16));
        FrameDecoder decoder = new FrameDecoder();
        while (true) {
            int length;
            try {
                length = in.readInt();
            } catch (EOFException end) {
                return;
            }
            if (length < 9 || length > MOST) {
                throw new IOException("A request of %d bytes".formatted(length));
            }
            answer(decoder, in.readNBytes(length), out);
            out.flush();
        }
    }

    private static void answer(FrameDecoder decoder, byte[] request, DataOutputStream out) throws IOException {
        try {
            Still still = decoder.decode(Request.of(request));
            out.writeInt(9 + still.brightness().length + still.jpeg().length);
            out.writeByte(0);
            out.writeInt(still.width());
            out.writeInt(still.height());
            out.write(still.brightness());
            out.write(still.jpeg());
        } catch (IllegalArgumentException refused) {
            String why = String.valueOf(refused.getMessage());
            byte[] reason =
                    why.substring(0, Math.min(LONGEST_REASON, why.length())).getBytes(UTF_8);
            out.writeInt(1 + reason.length);
            out.writeByte(1);
            out.write(reason);
        }
    }

    /** @param brightness 32 by 18 */
    record Still(int width, int height, byte[] brightness, byte[] jpeg) {}

    /** @param width 0 for the camera's own */
    record Request(boolean h265, int width, byte[] parameters, byte[] sample) {
        static Request of(byte[] bytes) {
            java.nio.ByteBuffer in = java.nio.ByteBuffer.wrap(bytes);
            int codec = in.get();
            int width = in.getInt();
            int parameters = in.getInt();
            if (codec < 1 || codec > 2 || width < 0 || parameters < 0 || parameters > in.remaining()) {
                throw new IllegalArgumentException("The request is not of the form");
            }
            byte[] sets = new byte[parameters];
            in.get(sets);
            byte[] sample = new byte[in.remaining()];
            in.get(sample);
            return new Request(codec == 2, width, sets, sample);
        }
    }
}
