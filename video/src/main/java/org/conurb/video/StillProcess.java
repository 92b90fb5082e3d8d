package org.conurb.video;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.conurb.kernel.Category;
import org.conurb.kernel.ConurbException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process that turns key frames into pictures ({@code pictures}; its form of requests and answers is told there). One
 * request at a time; one that takes too long, or kills it, ends it, and the next one starts it anew. Safe for many threads.
 */
final class StillProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StillProcess.class);
    private static final Duration WAIT_TURN = Duration.ofSeconds(4);
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final int LARGEST_ANSWER = 8 << 20;

    private final List<String> command;
    private final ReentrantLock turn = new ReentrantLock(true);
    private @Nullable Process process;
    private @Nullable DataOutputStream requests;
    private @Nullable DataInputStream answers;
    private volatile boolean closed;

    StillProcess(List<String> command) {
        this.command = List.copyOf(command);
    }

    /**
     * @param width of the camera's own picture
     * @param brightness 32 by 18 bytes, top left first
     */
    record Still(int width, int height, byte[] brightness, byte[] jpeg) {}

    /** So that the first picture is quick. */
    void start() {
        if (!command.isEmpty()) {
            Thread.ofVirtual().name("video-stills").start(() -> {
                turn.lock();
                try {
                    running();
                } catch (IOException e) {
                    LOG.atWarn().setCause(e).log("video.stills.not-started");
                } finally {
                    turn.unlock();
                }
            });
        }
    }

    /**
     * @param width of the picture wanted; 0 for its own
     * @return empty where there is no picture in it
     * @throws ConurbException where the process cannot be had, or is busy with others
     */
    Optional<Still> decode(KeyFrame frame, int width) {
        if (command.isEmpty() || closed) {
            throw new NoStills("No process for still pictures is set.");
        }
        inTime(() -> turn.tryLock(WAIT_TURN.toMillis(), TimeUnit.MILLISECONDS));
        return decodeInTurn(frame, width);
    }

    /** Waits a little for one of few places. @throws ConurbException where all are taken */
    static void demandTurn(Semaphore places) {
        inTime(() -> places.tryAcquire(WAIT_TURN.toMillis(), TimeUnit.MILLISECONDS));
    }

    private interface Waiting {
        boolean done() throws InterruptedException;
    }

    private static void inTime(Waiting waiting) {
        try {
            if (!waiting.done()) {
                throw new NoStills("Too many still pictures are asked for.");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new NoStills("The program stops.");
        }
    }

    /** As {@link #decode}, but empty where it is not set up, or anybody else is served or waits. */
    Optional<Still> decodeWhileIdle(KeyFrame frame, int width) {
        return command.isEmpty() || closed || turn.hasQueuedThreads() || !turn.tryLock()
                ? Optional.empty()
                : decodeInTurn(frame, width);
    }

    private Optional<Still> decodeInTurn(KeyFrame frame, int width) {
        try {
            return exchange(frame, width);
        } catch (IOException e) {
            end();
            LOG.atWarn().addKeyValue("why", e.getMessage()).log("video.stills.ended");
            throw new NoStills("The process for still pictures ended.");
        } finally {
            turn.unlock();
        }
    }

    private Optional<Still> exchange(KeyFrame frame, int width) throws IOException {
        Process child = running();
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread guard = Thread.ofVirtual().start(() -> {
            try {
                done.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException late) {
                child.destroyForcibly();
            } catch (InterruptedException | ExecutionException answered) {
                // nothing to guard any more
            }
        });
        try {
            return talk(frame, width);
        } finally {
            done.complete(null);
            guard.interrupt();
        }
    }

    private Optional<Still> talk(KeyFrame frame, int width) throws IOException {
        DataOutputStream out = requests;
        DataInputStream in = answers;
        if (out == null || in == null) {
            throw new IOException("It is not running");
        }
        out.writeInt(9 + frame.parameters().length + frame.sample().length);
        out.writeByte(frame.h265() ? 2 : 1);
        out.writeInt(width);
        out.writeInt(frame.parameters().length);
        out.write(frame.parameters());
        out.write(frame.sample());
        out.flush();
        int length = in.readInt();
        if (length < 1 || length > LARGEST_ANSWER) {
            throw new IOException("An answer of %d bytes".formatted(length));
        }
        byte[] answer = in.readNBytes(length);
        if (answer.length < length) {
            throw new IOException("It ended while it answered");
        }
        if (answer[0] != 0 || length < 9 + 576) {
            LOG.atDebug()
                    .addKeyValue("why", new String(answer, 1, length - 1, UTF_8))
                    .log("video.still.refused");
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(answer, 1, length - 1);
        int ownWidth = bytes.getInt();
        int ownHeight = bytes.getInt();
        byte[] brightness = new byte[576];
        bytes.get(brightness);
        byte[] jpeg = new byte[bytes.remaining()];
        bytes.get(jpeg);
        return Optional.of(new Still(ownWidth, ownHeight, brightness, jpeg));
    }

    private Process running() throws IOException {
        Process known = process;
        if (known != null && known.isAlive()) {
            return known;
        }
        Process fresh = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process = fresh;
        requests = new DataOutputStream(new BufferedOutputStream(fresh.getOutputStream(), 1 << 16));
        answers = new DataInputStream(new BufferedInputStream(fresh.getInputStream(), 1 << 16));
        return fresh;
    }

    private void end() {
        Process known = process;
        if (known != null) {
            known.destroyForcibly();
            process = null;
        }
    }

    @Override
    public void close() {
        closed = true;
        end();
    }

    private static final class NoStills extends ConurbException {
        NoStills(String detail) {
            super(Category.CAPACITY, "stills", detail, "Try again in a few seconds.");
        }

        @Override
        public Optional<Duration> retryAfter() {
            return Optional.of(Duration.ofSeconds(2));
        }
    }
}
