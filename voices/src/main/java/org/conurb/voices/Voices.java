package org.conurb.voices;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * The process: reads one request after another from its standard input and answers each on its standard output, until its
 * input ends. All numbers are big-endian.
 *
 * <p>A request: length of what follows (2, at most {@link #MOST}), number of the stream (4), what to do (1), sequence and
 * timestamp (4 each, given back as they came), the voice. To do are: 1 A-law to Opus, 2 µ-law to Opus, both of 160 octets;
 * 3 Opus to A-law, 4 Opus to µ-law; 5 the stream is over, which is not answered. A stream keeps to one direction.
 *
 * <p>An answer has the same form; its voice is empty where what came was none.
 */
public final class Voices {
    static final int MOST = 1_600;
    static final int MOST_STREAMS = 4_096;
    private static final int HEAD = 13;
    private static final int END = 5;

    private final Map<Integer, OpusEncoder> encoders = new HashMap<>();
    private final Map<Integer, OpusDecoder> decoders = new HashMap<>();

    private Voices() {}

    public static void main(String[] arguments) throws IOException {
        // The protocol's stream is ours alone: whatever a library prints goes elsewhere.
        OutputStream answers = System.out;
        System.setOut(System.err);
        serve(System.in, answers);
    }

    static void serve(InputStream requests, OutputStream answers) throws IOException {
        avutil.av_log_set_level(avutil.AV_LOG_QUIET);
        Voices voices = new Voices();
        BufferedInputStream source = new BufferedInputStream(requests, 1 << 16);
        DataInputStream in = new DataInputStream(source);
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(answers, 1 << 16));
        while (true) {
            int length;
            try {
                length = in.readUnsignedShort();
            } catch (EOFException end) {
                return;
            }
            if (length < HEAD || length > MOST) {
                throw new IOException("A request of %d octets".formatted(length));
            }
            int stream = in.readInt();
            int operation = in.readByte();
            int sequence = in.readInt();
            int timestamp = in.readInt();
            byte[] voice = in.readNBytes(length - HEAD);
            if (operation == END) {
                voices.end(stream);
                continue;
            }
            byte[] converted = voices.convert(stream, operation, voice);
            out.writeShort(HEAD + converted.length);
            out.writeInt(stream);
            out.writeByte(operation);
            out.writeInt(sequence);
            out.writeInt(timestamp);
            out.write(converted);
            if (source.available() == 0) {
                out.flush();
            }
        }
    }

    private byte[] convert(int stream, int operation, byte[] voice) {
        boolean known = encoders.containsKey(stream) || decoders.containsKey(stream);
        if (!known && encoders.size() + decoders.size() >= MOST_STREAMS) {
            return new byte[0];
        }
        try {
            return switch (operation) {
                case 1 -> toOpus(stream, Law.A, voice);
                case 2 -> toOpus(stream, Law.MU, voice);
                case 3 -> fromOpus(stream, Law.A, voice);
                case 4 -> fromOpus(stream, Law.MU, voice);
                default -> new byte[0];
            };
        } catch (IllegalArgumentException refused) {
            return new byte[0];
        }
    }

    private byte[] toOpus(int stream, Law law, byte[] voice) {
        if (voice.length != OpusEncoder.SAMPLES) {
            return new byte[0];
        }
        short[] samples = new short[voice.length];
        for (int i = 0; i < voice.length; i++) {
            samples[i] = law.sample(voice[i]);
        }
        return encoders.computeIfAbsent(stream, fresh -> new OpusEncoder()).encode(samples);
    }

    private byte[] fromOpus(int stream, Law law, byte[] opus) {
        if (opus.length == 0) {
            return opus;
        }
        short[] samples =
                decoders.computeIfAbsent(stream, fresh -> new OpusDecoder()).decode(opus);
        byte[] voice = new byte[samples.length];
        for (int i = 0; i < voice.length; i++) {
            voice[i] = law.octet(samples[i]);
        }
        return voice;
    }

    private void end(int stream) {
        OpusEncoder encoder = encoders.remove(stream);
        if (encoder != null) {
            encoder.close();
        }
        OpusDecoder decoder = decoders.remove(stream);
        if (decoder != null) {
            decoder.close();
        }
    }
}
