package org.conurb.video;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.conurb.kernel.BadRequest;
import org.conurb.media.PacketRing;
import org.conurb.media.TrackFormat;

/** What a camera says, and a table of cameras, never end in anything but a refusal; each parser takes the same bytes. */
public final class ParsersFuzz {
    private static final CameraLogin LOGIN = new CameraLogin("admin", "geheim");
    private static final PacketRing RING = new PacketRing(128 << 10);

    private ParsersFuzz() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        conversation(bytes);
        table(bytes);
        address(new String(bytes, UTF_8));
    }

    /** All that is said is taken as answers to what we ask, packets as those of two tracks. */
    private static void conversation(byte[] bytes) {
        Camera camera = new Camera();
        RtspConversation conversation = new RtspConversation(
                URI.create("rtsp://127.0.0.1/x"),
                bytes.length % 2 == 0 ? CameraSource.Transport.AUTO : CameraSource.Transport.UDP,
                Optional.of(LOGIN),
                new Random(1),
                camera);
        RtspFramer framer = new RtspFramer(new RtspFramer.Sink() {
            @Override
            public void interleaved(int channel, ByteBuffer packet) {
                camera.packet(channel, packet);
            }

            @Override
            public void message(RtspAnswer message) throws RtspFailure {
                conversation.message(message);
            }
        });
        try {
            conversation.begin();
            framer.take(ByteBuffer.wrap(bytes));
            conversation.keepAlive();
            conversation.tearDown();
        } catch (RtspFailure refused) {
            // as it should
        }
    }

    private static final class Camera implements RtspConversation.Wire {
        private final ReceiverReport report = new ReceiverReport();
        private StreamIngest ingest;

        void packet(int channel, ByteBuffer packet) {
            if (channel % 2 == 1) {
                report.control(packet, 2);
            } else if (ingest != null && channel == 0) {
                report.packet(packet);
                ingest.datagram(0, 3, packet);
            }
            report.write(4);
        }

        @Override
        public void send(ByteBuffer message) {
            if (message.remaining() > 16 * 1024) {
                throw new IllegalStateException("A request of ours grew by what the camera said");
            }
        }

        @Override
        public List<RtspConversation.Wanted> described(byte[] sdp) throws RtspFailure {
            DescribedTracks tracks = DescribedTracks.read(sdp);
            ingest = new StreamIngest(RING, tracks.formats(), tracks.payloadTypes(), Optional.empty(), 1, 1);
            tracks.formats().forEach(TrackFormat::rfc6381);
            return tracks.controls().stream().map(RtspConversation.Wanted::new).toList();
        }

        @Override
        public int openPorts(int track) {
            return 5004;
        }

        @Override
        public void agreed(int track, RtspConversation.Channel channel) {}

        @Override
        public void playing() {}
    }

    private static void table(byte[] bytes) {
        try {
            CameraImport.read(bytes, address -> {});
        } catch (BadRequest refused) {
            // as it should
        }
    }

    private static void address(String text) {
        try {
            CameraAddress.parse(text, null, Optional.empty());
        } catch (BadRequest refused) {
            // as it should
        }
    }
}
