package org.conurb.server;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Reads the whole body of an unsafe request before anything parses it: at most 1 MB (64 KB from somebody unknown, 10 MB of
 * a batch, a few of those at a time), all of it within a deadline and never slower than a minimum rate, so that no sender
 * holds a thread by dripping bytes. The body is kept for the fingerprint of {@code Idempotency-Key}. A file that is to be
 * imported is not kept: its door writes it to the disk as it comes, and only its pace is watched here. Runs behind
 * authentication.
 */
final class RequestBodies extends OncePerRequestFilter {
    static final int MOST = 1 << 20;
    private static final int MOST_OF_A_BATCH = 10 << 20;
    private static final int MOST_BATCHES = 4;
    private static final String BATCHES = "/ngsi-ld/v1/entityOperations/";
    private static final int MOST_FROM_STRANGERS = 64 << 10;
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    /** After the first seconds, fewer bytes a second than this end the request. */
    private static final int LEAST_BYTES_PER_SECOND = 2_000;

    /** The doors that take a file as their body. */
    private static final Set<String> FILES = Set.of("/api/hub/imports", "/api/talk/attachments");

    private static final Duration LONGEST_FILE = Duration.ofMinutes(30);
    private static final int LEAST_BYTES_OF_A_FILE = 20_000;

    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    private final java.util.function.LongSupplier nanoTime;
    private final Semaphore batches = new Semaphore(MOST_BATCHES);

    RequestBodies(java.util.function.LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The body came slower than a request may. */
    static final class TooSlow extends IOException {
        TooSlow(String message) {
            super(message);
        }
    }

    /** The body as it came; empty for a safe request. */
    static byte[] of(HttpServletRequest request) {
        return Optional.ofNullable((byte[]) request.getAttribute(RequestBodies.class.getName()))
                .orElse(new byte[0]);
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        String type = request.getContentType();
        return SAFE.contains(request.getMethod())
                || (type != null && type.startsWith("application/x-www-form-urlencoded"));
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Principal principal = request.getUserPrincipal();
        if (principal != null && isFile(request.getMethod(), request.getRequestURI())) {
            chain.doFilter(new Watched(request, nanoTime), response);
            return;
        }
        boolean large = principal != null
                && request.getRequestURI().startsWith(BATCHES)
                && request.getContentLengthLong() > MOST;
        if (large && !batches.tryAcquire()) {
            response.setHeader("Retry-After", "1");
            refuse(response, 429, "too-many-batches", "Others send large batches at this moment.");
            return;
        }
        try {
            int most = principal == null ? MOST_FROM_STRANGERS : large ? MOST_OF_A_BATCH : MOST;
            doFilterWithin(most, request, response, chain);
        } finally {
            if (large) {
                batches.release();
            }
        }
    }

    private void doFilterWithin(int most, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getContentLengthLong() > most) {
            refuse(response, 413, "too-large", "The body has more than %d bytes.".formatted(most));
            return;
        }
        byte[] body;
        try {
            body = read(request, most);
        } catch (TooSlow slow) {
            refuse(response, 408, "too-slow", String.valueOf(slow.getMessage()));
            return;
        } catch (java.net.SocketTimeoutException slow) {
            refuse(response, 408, "too-slow", "The body stopped coming.");
            return;
        }
        if (body.length > most) {
            refuse(response, 413, "too-large", "The body has more than %d bytes.".formatted(most));
            return;
        }
        request.setAttribute(RequestBodies.class.getName(), body);
        chain.doFilter(new Kept(request, body), response);
    }

    private byte[] read(HttpServletRequest request, int most) throws IOException {
        long start = nanoTime.getAsLong();
        ByteArrayOutputStream bytes =
                new ByteArrayOutputStream(Math.max(32, Math.min(most, request.getContentLength())));
        byte[] buffer = new byte[8192];
        ServletInputStream in = request.getInputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            bytes.write(buffer, 0, n);
            Duration taken = Duration.ofNanos(nanoTime.getAsLong() - start);
            if (bytes.size() > most) {
                break;
            }
            if (tooSlow(bytes.size(), taken)) {
                throw new TooSlow(
                        "The body came too slowly: %d bytes in %d s.".formatted(bytes.size(), taken.toSeconds()));
            }
        }
        return bytes.toByteArray();
    }

    /** Whether a body of which so much came in this time is dripped. */
    static boolean tooSlow(long bytes, Duration taken) {
        return taken.compareTo(DEADLINE) > 0
                || (taken.compareTo(GRACE) > 0 && bytes < LEAST_BYTES_PER_SECOND * taken.toSeconds());
    }

    /** Whether the body is a file, which may be long. */
    static boolean isFile(String method, String uri) {
        return method.equals("POST") && FILES.contains(uri);
    }

    /** The same for a file. */
    static boolean fileTooSlow(long bytes, Duration taken) {
        return taken.compareTo(LONGEST_FILE) > 0
                || (taken.compareTo(GRACE) > 0 && bytes < LEAST_BYTES_OF_A_FILE * taken.toSeconds());
    }

    private static void refuse(HttpServletResponse response, int status, String code, String detail)
            throws IOException {
        response.setHeader("Connection", "close");
        response.setStatus(status);
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.getOutputStream()
                .write(ProblemAdvice.body(status, code, detail, "Send less at once, or without pauses."));
    }

    /** The request with a body that ends where it comes too slowly. */
    private static final class Watched extends HttpServletRequestWrapper {
        private final java.util.function.LongSupplier nanoTime;

        Watched(HttpServletRequest request, java.util.function.LongSupplier nanoTime) {
            super(request);
            this.nanoTime = nanoTime;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            ServletInputStream in = super.getInputStream();
            long start = nanoTime.getAsLong();
            return new ServletInputStream() {
                private long bytes;

                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                }

                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    int n = in.read(buffer, offset, length);
                    bytes += Math.max(0, n);
                    if (fileTooSlow(bytes, Duration.ofNanos(nanoTime.getAsLong() - start))) {
                        throw new TooSlow("The file came too slowly: %d bytes so far.".formatted(bytes));
                    }
                    return n;
                }

                @Override
                public boolean isFinished() {
                    return in.isFinished();
                }

                @Override
                public boolean isReady() {
                    return in.isReady();
                }

                @Override
                public void setReadListener(ReadListener listener) {
                    in.setReadListener(listener);
                }
            };
        }
    }

    /** The request with its body already here. */
    private static final class Kept extends HttpServletRequestWrapper {
        private final byte[] body;

        Kept(HttpServletRequest request, byte[] body) {
            super(request);
            this.body = body;
        }

        @Override
        public ServletInputStream getInputStream() {
            ByteArrayInputStream bytes = new ByteArrayInputStream(body);
            return new ServletInputStream() {
                @Override
                public int read() {
                    return bytes.read();
                }

                @Override
                public int read(byte[] buffer, int offset, int length) {
                    return bytes.read(buffer, offset, length);
                }

                @Override
                public boolean isFinished() {
                    return bytes.available() == 0;
                }

                @Override
                public boolean isReady() {
                    return true;
                }

                @Override
                public void setReadListener(ReadListener listener) {
                    throw new IllegalStateException("The body is here already");
                }
            };
        }

        @Override
        public BufferedReader getReader() {
            return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
        }
    }
}
