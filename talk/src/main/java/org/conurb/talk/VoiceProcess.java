package org.conurb.talk;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process that turns G.711 into Opus and back ({@code voices}; its form of requests and answers is told there). Started
 * when first wanted, anew when it ends or answers nothing for {@link #LONGEST_NANOS}. What it does not get done in time is
 * dropped: late voice is worth nothing. Safe for all threads.
 */
final class VoiceProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VoiceProcess.class);
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long AGAIN_MILLIS = 500;
    private static final int WAITING = 2_048;
    private static final int LONGEST = 4_096;

    static final int END = 5;

    /** Takes what was converted, on the reader's thread: must not wait. */
    interface Answers {
        void voice(int sequence, int timestamp, byte[] payload);
    }

    private record Request(int stream, int operation, int sequence, int timestamp, byte[] payload) {}

    private final List<String> command;
    private final BlockingQueue<Request> requests = new ArrayBlockingQueue<>(WAITING);
    private final Map<Integer, Answers> streams = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();
    private volatile @Nullable Process process;
    private volatile long askedAt;
    private volatile long answeredAt;
    private volatile boolean closed;
    private boolean started;

    /** @param command empty for none: phones are offered Opus only */
    VoiceProcess(List<String> command) {
        this.command = List.copyOf(command);
    }

    boolean isThere() {
        return !command.isEmpty();
    }

    /** One direction of one call. @return its number */
    int open(Answers answers) {
        start();
        int stream = next.incrementAndGet();
        streams.put(stream, answers);
        return stream;
    }

    void close(int stream) {
        streams.remove(stream);
        requests.offer(new Request(stream, END, 0, 0, new byte[0]));
    }

    private synchronized void start() {
        if (!started && !closed && isThere()) {
            started = true;
            Thread.ofVirtual().name("talk-voices").start(this::run);
        }
    }

    /** G.711 of 160 samples to Opus. */
    void toOpus(int stream, SipCodec from, int sequence, int timestamp, byte[] payload) {
        offer(new Request(stream, from == SipCodec.PCMA ? 1 : 2, sequence, timestamp, payload));
    }

    /** Opus to G.711. */
    void fromOpus(int stream, SipCodec to, int sequence, int timestamp, byte[] payload) {
        offer(new Request(stream, to == SipCodec.PCMA ? 3 : 4, sequence, timestamp, payload));
    }

    private void offer(Request request) {
        requests.offer(request);
    }

    private void run() {
        while (!closed) {
            try {
                serve();
            } catch (IOException e) {
                if (!closed) {
                    LOG.atWarn().addKeyValue("why", e.getMessage()).log("talk.voices.ended");
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            }
            try {
                Thread.sleep(AGAIN_MILLIS);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void serve() throws IOException, InterruptedException {
        Process child = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process = child;
        if (closed) {
            child.destroyForcibly();
            return;
        }
        askedAt = 0;
        requests.clear();
        Thread reader = Thread.ofVirtual().name("talk-voices-read").start(() -> read(child));
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(child.getOutputStream(), 1 << 16))) {
            while (child.isAlive() && !closed) {
                Request request = requests.poll(250, TimeUnit.MILLISECONDS);
                long now = System.nanoTime();
                if (askedAt != 0 && answeredAt - askedAt < 0 && now - askedAt > LONGEST_NANOS) {
                    throw new IOException("It answers nothing");
                }
                if (request == null) {
                    continue;
                }
                if (request.operation() != END && (askedAt == 0 || answeredAt - askedAt >= 0)) {
                    askedAt = now;
                }
                out.writeShort(13 + request.payload().length);
                out.writeInt(request.stream());
                out.writeByte(request.operation());
                out.writeInt(request.sequence());
                out.writeInt(request.timestamp());
                out.write(request.payload());
                if (requests.isEmpty()) {
                    out.flush();
                }
            }
        } finally {
            child.destroyForcibly();
            reader.join();
        }
    }

    private void read(Process child) {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(child.getInputStream(), 1 << 16))) {
            while (true) {
                int length = in.readUnsignedShort();
                if (length < 13 || length > LONGEST) {
                    throw new IOException("An answer of %d octets".formatted(length));
                }
                int stream = in.readInt();
                in.readByte();
                int sequence = in.readInt();
                int timestamp = in.readInt();
                byte[] payload = in.readNBytes(length - 13);
                answeredAt = System.nanoTime();
                Answers answers = streams.get(stream);
                if (answers != null && payload.length > 0) {
                    answers.voice(sequence, timestamp, payload);
                }
            }
        } catch (IOException | RuntimeException over) {
            child.destroyForcibly();
        }
    }

    /** Of the process that runs; for those who look after it. */
    java.util.Optional<ProcessHandle> running() {
        Process known = process;
        return known != null && known.isAlive() ? java.util.Optional.of(known.toHandle()) : java.util.Optional.empty();
    }

    @Override
    public void close() {
        closed = true;
        Process known = process;
        if (known != null) {
            known.destroyForcibly();
        }
    }
}
