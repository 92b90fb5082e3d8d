package org.conurb.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.conurb.kernel.BadRequest;

/** Bytes of strangers never throw anything but a refusal; every parser takes the same ones. */
public final class ParsersFuzz {
    private static final FrameSink NOWHERE = (rtpTime, key, damaged, sample) -> {};

    private ParsersFuzz() {}

    public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
        packets(bytes);
        descriptions(bytes);
        parameterSets(bytes);
        files(bytes);
        checks(bytes);
        secured(bytes);
    }

    /** Each behind its length in two bytes, as they are recorded. */
    private static void packets(byte[] bytes) {
        RtpPacket packet = new RtpPacket();
        Depacketizer h264 = Depacketizer.of(new TrackFormat.H264(List.of(), List.of()));
        Depacketizer h265 =
                Depacketizer.of(new TrackFormat.H265(List.of(), List.of(), List.of(), bytes.length % 2 == 0));
        Depacketizer aac = Depacketizer.of(new TrackFormat.Aac(
                48_000,
                2,
                ParameterSet.of(ByteBuffer.wrap(new byte[] {0x11, (byte) 0x90}), 0, 2)
                        .orElseThrow(),
                13,
                3));
        int at = 0;
        while (at + 2 < bytes.length) {
            int length = Math.min(Bytes.u16(bytes, at), bytes.length - at - 2);
            ByteBuffer datagram = ByteBuffer.wrap(bytes, at + 2, length).slice();
            if (packet.wrap(datagram)) {
                h264.packet(packet, NOWHERE);
                h265.packet(packet, NOWHERE);
                aac.packet(packet, NOWHERE);
            }
            RtcpPacket rtcp = new RtcpPacket();
            if (rtcp.wrap(datagram)) {
                RtpTest.read(rtcp);
            }
            at += 2 + length;
        }
        h264.flush(NOWHERE);
        h265.flush(NOWHERE);
    }

    private static void descriptions(byte[] bytes) {
        try {
            String text = new String(bytes, StandardCharsets.UTF_8);
            SessionDescription sdp = SessionDescription.parse(text.substring(Math.max(0, text.indexOf("v=0"))));
            sdp.media()
                    .forEach(media -> media.payloadTypes()
                            .forEach(type -> TrackFormat.of(media, type).ifPresent(ParsersFuzz::describe)));
        } catch (BadRequest refused) {
            // as it should
        }
    }

    private static void parameterSets(byte[] bytes) {
        ParameterSet.of(ByteBuffer.wrap(bytes), 0, bytes.length).ifPresent(set -> {
            H264Sps.parse(set);
            H265Sps.parse(set);
            H265Vps.parse(set);
            describe(new TrackFormat.H264(List.of(set), List.of(set)));
            describe(new TrackFormat.H265(List.of(set), List.of(set), List.of(set), false));
        });
    }

    private static void files(byte[] bytes) throws IOException {
        Path file = Files.createTempFile("scanned", ".mp4");
        try {
            Files.write(file, bytes);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                FragmentScanner.scan(channel);
            }
        } finally {
            Files.delete(file);
        }
    }

    private static void checks(byte[] bytes) {
        StunMessage.parse(bytes, bytes.length);
        if (bytes.length < 2 || bytes.length > 300) {
            return;
        }
        IceAgent.Credentials ours = new IceAgent.Credentials("ours", "0123456789012345678901");
        StunWriter request = new StunWriter()
                .request(new byte[12])
                .attribute(StunMessage.USERNAME, "ours:peer".getBytes(StandardCharsets.UTF_8))
                .attribute(Bytes.u16(bytes, 0), Arrays.copyOfRange(bytes, 2, bytes.length))
                .integrity(StunMessageTest.key(ours.password()))
                .fingerprint();
        StunMessage check = StunMessage.parse(request.bytes(), request.length());
        if (check != null) {
            StunWriter answer = new StunWriter();
            IceAgent agent = new IceAgent(ours, "peer", 0);
            if (agent.check(check, new PeerAddress(), 1, answer) != IceAgent.Check.IGNORED) {
                assertThat(StunMessage.parse(answer.bytes(), answer.length())).isNotNull();
            }
        }
    }

    private static void secured(byte[] bytes) {
        DtlsGuard.admits(bytes, bytes.length);
        if (bytes.length < RtpHeader.FIXED || bytes.length > SrtpScratch.MAX_PACKET) {
            return;
        }
        for (SrtpProfile profile : SrtpProfile.values()) {
            SrtpTransform transform =
                    profile.transform(new byte[profile.keyingMaterialLength()], true, new SrtpScratch());
            int header = RtpHeader.length(bytes, bytes.length);
            if (header >= 0) {
                transform.openRtp(bytes.clone(), bytes.length, header, Bytes.u16(bytes, 2));
            }
            byte[] control = bytes.clone();
            if (transform.rtcpIndex(control, control.length) >= 0) {
                transform.openRtcp(control, control.length);
            }
        }
        CompoundReader.read(bytes, bytes.length, (packet, at, length) -> {
            assertThat(at + length).isLessThanOrEqualTo(packet.length);
            CompoundReader.isKeyFrameRequest(packet, at);
            CompoundReader.isNack(packet, at);
        });
    }

    private static void describe(TrackFormat format) {
        format.rfc6381();
        DecodeTimes.of(format);
        if (format.complete()) {
            FragmentWriter.initSegment(List.of(format));
        }
    }
}
