package org.conurb.media;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** A moving test picture as H.264 over RTP, encoded and sent by ffmpeg in real time. */
final class FfmpegCamera implements AutoCloseable {
    private final Process process;
    private final DatagramSocket socket;
    private final Thread thread;

    static boolean isHere() {
        return Files.isExecutable(Path.of("/usr/bin/ffmpeg"));
    }

    FfmpegCamera(Consumer<ByteBuffer> packets) throws IOException {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        process = new ProcessBuilder(
                        List.of(("ffmpeg -nostdin -loglevel error -re -f lavfi -i testsrc2=size=320x240:rate=25 -t 60"
                                        + " -c:v libx264 -preset ultrafast -profile:v baseline -g 25 -bf 0 -b:v 400k"
                                        + " -f rtp rtp://127.0.0.1:%d?pkt_size=1200")
                                .formatted(socket.getLocalPort())
                                .split(" ")))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        thread = Thread.ofPlatform().daemon().start(() -> {
            try {
                while (true) {
                    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
                    socket.receive(packet);
                    packets.accept(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
                }
            } catch (SocketException closed) {
                return;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
        socket.close();
        thread.join();
    }
}
