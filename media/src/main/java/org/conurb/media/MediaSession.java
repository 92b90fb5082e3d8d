package org.conurb.media;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A peer connection with one browser. It lives on one worker from its offer to its end: everything about packets
 * happens on that worker's thread, and other threads hand it work by {@link #execute}. It ends when it is closed, when
 * the peer leaves, or when no check came for 30 s (RFC 7675).
 */
public final class MediaSession {
    private static final int MAX_PATHS = 8;
    private static final int MAX_STREAMS = 16;
    private static final int MAX_GAP = 17;
    private static final int MOST_DEFECTS = 20;

    private final String id;
    final MediaWorker worker;
    private final MediaListener listener;
    private final WebRtcAnswer negotiated;
    private final String cname;
    private final IceAgent ice;
    private final DtlsPeer dtls;
    private final List<MediaTrack> tracks;
    private final List<ReceiveStream> streams = new ArrayList<>();
    private final Deque<MediaPath> paths = new ArrayDeque<>();
    private ReplayWindow spare = new ReplayWindow();
    private final SsrcWindows rtcpWindows = new SsrcWindows();
    private volatile @Nullable MediaPath path;
    private volatile boolean closed;
    private volatile boolean lost;
    private volatile String answer = "";
    private @Nullable SrtpTransform incoming;
    private @Nullable SrtpTransform outgoing;
    private int rtcpIndex;
    private long reportedAt;
    private int defects;
    private final int reporter;
    private final PeerFeedback feedback;
    private final TrafficMark mark;

    MediaSession(Birth birth, MediaWorker worker, MediaListener listener, List<MediaTrack.Plan> plans) {
        this.id = birth.credentials().fragment();
        this.worker = worker;
        this.listener = listener;
        this.negotiated = birth.negotiated();
        this.cname = birth.cname();
        this.reporter = birth.reporter();
        long now = worker.nanos();
        this.reportedAt = now;
        this.ice = new IceAgent(birth.credentials(), negotiated.offer().fragment(), now);
        this.dtls = new DtlsPeer(worker.dtls(), negotiated.offer().fingerprint(), new DtlsEvents());
        this.feedback = new PeerFeedback(this, listener);
        this.tracks = plans.stream().map(plan -> plan.on(this, now)).toList();
        this.mark = track("audio").isPresent()
                ? TrafficMark.VOICE
                : TrafficMark.of(tracks.getFirst().kind());
    }

    /** What a session is born with. @param reporter SSRC of its receiver reports */
    record Birth(WebRtcAnswer negotiated, IceAgent.Credentials credentials, String cname, int reporter) {}

    /** Unique among the running sessions; it is seen on the wire and no secret. */
    public String id() {
        return id;
    }

    /** SDP for the peer; after {@link MediaWorkers#restart} the newest. */
    public String answer() {
        return answer;
    }

    void answer(String sdp) {
        answer = sdp;
    }

    WebRtcAnswer negotiated() {
        return negotiated;
    }

    /** Of checks (RFC 8445 §7.1.4), handshakes and reports: that of the most urgent media. */
    TrafficMark mark() {
        return mark;
    }

    String cname() {
        return cname;
    }

    /** Those of the offer's sections that were accepted, in their order. */
    public List<MediaTrack> tracks() {
        return tracks;
    }

    public Optional<MediaTrack> track(String kind) {
        return tracks.stream().filter(track -> track.kind().equals(kind)).findFirst();
    }

    /** Where the peer is, once a check came. */
    public Optional<InetSocketAddress> peer() {
        MediaPath now = path;
        return now == null ? Optional.empty() : Optional.of(now.remote());
    }

    /** Whether packets go by TCP. */
    public boolean isOverTcp() {
        return path instanceof TcpPath;
    }

    public boolean isClosed() {
        return closed;
    }

    /** Whether it ended because nothing came from the peer any more. */
    public boolean isLost() {
        return lost;
    }

    /** Runs on this session's worker, soon, in the order of the calls; dropped where the session ended meanwhile. */
    public void execute(Runnable work) {
        worker.execute(() -> {
            if (!closed) {
                run(work);
            }
        });
    }

    private void run(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            worker.failed(this, e);
        }
    }

    /** After one more defect. */
    boolean isBeyondRepair() {
        return ++defects >= MOST_DEFECTS;
    }

    /** Ends it, from any thread; the peer is told. */
    public void close() {
        worker.execute(() -> end("closed"));
    }

    void end(String reason) {
        if (closed) {
            return;
        }
        closed = true;
        dtls.close();
        worker.forget(this);
        paths.forEach(MediaPath::close);
        listener.closed(this, reason);
    }

    // ---- ICE

    /** @param via the way it came, for the answer; remembered where the check is valid */
    void check(StunMessage request, PeerAddress from, MediaPath via) {
        StunWriter writer = worker.stun();
        IceAgent.Check outcome = closed ? IceAgent.Check.IGNORED : ice.check(request, from, worker.nanos(), writer);
        if (outcome == IceAgent.Check.IGNORED) {
            return;
        }
        if (outcome != IceAgent.Check.REFUSED) {
            accept(via, outcome == IceAgent.Check.CHOSEN);
            String retired = ice.retiredBy(request);
            if (retired != null) {
                worker.retire(retired);
            }
        }
        via.send(writer.bytes(), writer.length(), mark);
    }

    private void accept(MediaPath via, boolean chosen) {
        if (!paths.contains(via)) {
            paths.addLast(via);
            worker.learn(via);
            if (paths.size() > MAX_PATHS) {
                drop(paths.peekFirst() == path ? paths.removeLast() : paths.removeFirst());
            }
        }
        if (chosen || path == null) {
            path = via;
        }
    }

    private void drop(MediaPath old) {
        worker.unlearn(old);
        old.close();
    }

    /** A connection of the peer ended. */
    void lost(MediaPath gone) {
        paths.remove(gone);
        if (path == gone) {
            path = paths.peekLast();
        }
    }

    void restart(IceAgent.Credentials local, String remoteFragment) {
        String replaced = ice.restart(local, remoteFragment);
        if (replaced != null) {
            worker.retire(replaced);
        }
    }

    // ---- DTLS

    private final class DtlsEvents implements DtlsPeer.Events {
        @Override
        public void secured(SrtpProfile profile, byte[] keyingMaterial) {
            execute(() -> {
                incoming = profile.transform(keyingMaterial, true, worker.srtp());
                outgoing = profile.transform(keyingMaterial, false, worker.srtp());
                listener.connected(MediaSession.this);
            });
        }

        @Override
        public void ended(String reason) {
            worker.execute(() -> end(reason));
        }

        @Override
        public void send(byte[] datagram) {
            worker.execute(() -> {
                MediaPath to = path;
                if (to != null) {
                    to.send(datagram, datagram.length, mark);
                }
            });
        }
    }

    // ---- packets in

    /** Anything but STUN, from an address that passed a check (RFC 7983). */
    void packet(byte[] packet, int length) {
        int first = Bytes.u8(packet, 0);
        if (first >= 20 && first <= 63) {
            dtls.datagram(packet, length);
        } else if (first >= 128 && first <= 191 && length >= RtpHeader.FIXED && incoming != null) {
            if (RtpHeader.isRtcp(packet)) {
                rtcp(packet, length, incoming);
            } else {
                rtp(packet, length, incoming);
            }
        }
    }

    private void rtp(byte[] packet, int length, SrtpTransform transform) {
        int header = RtpHeader.length(packet, length);
        int ssrc = Bytes.i32(packet, 8);
        ReceiveStream stream = ReceiveStream.find(streams, ssrc);
        if (header < 0 || stream == null && streams.size() >= MAX_STREAMS) {
            return;
        }
        ReplayWindow window = stream == null ? spare : stream.window;
        int sequence = Bytes.u16(packet, 2);
        long index = stream == null ? sequence : RtpHeader.unwrap(window.highest(), sequence);
        int opened = window.admits(index) ? transform.openRtp(packet, length, header, index) : SrtpTransform.FORGED;
        if (opened < header) {
            worker.forged();
            return;
        }
        if (stream == null) {
            MediaTrack track = trackOf(ssrc, packet[1] & 0x7f);
            if (track == null) {
                return;
            }
            stream = new ReceiveStream(ssrc, track, spare);
            spare = new ReplayWindow();
            streams.add(stream);
        }
        take(stream, packet, opened, index);
    }

    private void take(ReceiveStream stream, byte[] packet, int length, long index) {
        long now = worker.arrival();
        long highest = stream.window.highest();
        stream.window.mark(index);
        stream.count(index, Bytes.i32(packet, 4), now);
        if (highest >= 0 && index > highest + 1 && stream.track.asksForLost()) {
            askAgain(stream, highest + 1, index);
        }
        if (stream.track.takes(packet[1] & 0x7f)) {
            listener.rtp(stream.track, worker.view(packet, 0, length), now);
        }
    }

    private void askAgain(ReceiveStream stream, long from, long to) {
        CompoundWriter writer = compound();
        writer.lost(reporter, stream.ssrc, (int) from & 0xffff, (int) Math.min(MAX_GAP, to - from));
        sendRtcp(writer);
    }

    private @Nullable MediaTrack trackOf(int ssrc, int type) {
        for (MediaTrack track : tracks) {
            if (track.takes(ssrc, type)) {
                return track;
            }
        }
        return tracks.stream().filter(track -> track.takes(type)).findFirst().orElse(null);
    }

    private void rtcp(byte[] packet, int length, SrtpTransform transform) {
        int index = transform.rtcpIndex(packet, length);
        int source = Bytes.i32(packet, 4);
        boolean fresh = index >= 0 && rtcpWindows.admits(source, index);
        int opened = fresh ? transform.openRtcp(packet, length) : SrtpTransform.FORGED;
        if (opened < 0) {
            worker.forged();
            return;
        }
        rtcpWindows.mark(source, index);
        CompoundReader.read(packet, opened, this::rtcpPacket);
    }

    private void rtcpPacket(byte[] packet, int at, int length) {
        int type = Bytes.u8(packet, at + 1);
        if (type == CompoundReader.SR) {
            ReceiveStream stream = ReceiveStream.find(streams, Bytes.i32(packet, at + 4));
            if (stream != null) {
                stream.senderReport(packet, at, worker.arrival());
            }
        }
        feedback.read(packet, at, length);
        listener.rtcp(this, worker.view(packet, at, length));
    }

    // ---- packets out

    boolean send(SendStream stream, ByteBuffer rtp, long arrivalNanos) {
        int length = rewrite(stream, rtp, arrivalNanos);
        if (length > 0) {
            stream.keep(worker.out(), length);
        }
        return length > 0 && protect(stream, length);
    }

    boolean sendFrom(PacketRing ring, long position, SendStream stream, ByteBuffer rtp, long arrivalNanos) {
        int length = rewrite(stream, rtp, arrivalNanos);
        if (length > 0 && rtp.remaining() <= SrtpScratch.MAX_PACKET) {
            stream.keep(ring, position);
        }
        return length > 0 && protect(stream, length);
    }

    private int rewrite(SendStream stream, ByteBuffer rtp, long arrivalNanos) {
        if (outgoing == null || closed || path == null) {
            return 0;
        }
        int length = stream.rewrite(rtp, arrivalNanos, worker.out());
        if (length == 0) {
            worker.unsent();
        }
        return length;
    }

    boolean isConnected() {
        return outgoing != null && path != null;
    }

    boolean protect(SendStream stream, int length) {
        MediaPath to = path;
        if (outgoing == null || to == null) {
            return false;
        }
        byte[] packet = worker.out();
        to.send(packet, outgoing.protectRtp(packet, length, RtpHeader.FIXED, stream.index()), stream.mark);
        worker.sent();
        return true;
    }

    void requestKeyFrame(MediaTrack track) {
        CompoundWriter writer = compound();
        streams.stream()
                .filter(stream -> stream.track == track)
                .forEach(stream -> writer.pictureLoss(reporter, stream.ssrc));
        sendRtcp(writer);
    }

    /** Feedback travels behind a report and a name (RFC 4585 §3.1). */
    private CompoundWriter compound() {
        CompoundWriter writer = worker.rtcp();
        writer.start();
        writer.receiverReport(reporter, worker.nanos(), List.of());
        writer.name(reporter, cname);
        return writer;
    }

    private void sendRtcp(CompoundWriter writer) {
        MediaPath to = path;
        if (outgoing != null && to != null) {
            rtcpIndex = rtcpIndex + 1 & Integer.MAX_VALUE;
            to.send(writer.bytes, outgoing.protectRtcp(writer.bytes, writer.length(), rtcpIndex), mark);
        }
    }

    // ---- time

    void tick(long nowNanos) {
        if (!ice.hasConsent(nowNanos)) {
            lost = true;
            end(outgoing == null ? "never connected" : "no consent");
            return;
        }
        feedback.tick();
        if (outgoing != null) {
            listener.tick(this, nowNanos);
        }
        if (outgoing != null && nowNanos - reportedAt >= 1_000_000_000L) {
            reportedAt = nowNanos;
            report(nowNanos);
        }
    }

    private void report(long nowNanos) {
        CompoundWriter writer = worker.rtcp();
        writer.start();
        List<ReceiveStream> unreported = streams;
        streams.forEach(stream -> stream.lostBeyond(listener.lostBeyond(stream.track)));
        for (MediaTrack track : tracks) {
            if (track.out != null && track.out.hasSent()) {
                writer.senderReport(track.out, worker.now(), nowNanos, unreported);
                writer.name(track.out.ssrc, cname);
                unreported = List.of();
            }
        }
        if (!unreported.isEmpty()) {
            writer.receiverReport(reporter, nowNanos, unreported);
            writer.name(reporter, cname);
        }
        if (writer.length() > 0) {
            sendRtcp(writer);
        }
    }
}
