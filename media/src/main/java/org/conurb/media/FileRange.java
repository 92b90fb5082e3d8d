package org.conurb.media;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One range of bytes as {@code Range} asks for it (RFC 9110 §14.2): a single range; anything else is as if none was asked.
 *
 * @param from first byte
 * @param length at least 1
 * @param whole whether it is all there is and no range was asked
 */
public record FileRange(long from, long length, boolean whole) {
    private static final Pattern FORM = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");
    private static final int CHUNK = 64 << 10;

    /** @return empty where the file has none of it (416) */
    public static Optional<FileRange> of(@Nullable String header, long size) {
        Matcher form = FORM.matcher(header == null ? "" : header.strip());
        if (!form.matches() || form.group(1).isEmpty() && form.group(2).isEmpty()) {
            return size == 0 ? Optional.empty() : Optional.of(new FileRange(0, size, true));
        }
        long first;
        long last = size - 1;
        if (form.group(1).isEmpty()) {
            first = Math.max(0, size - Long.parseLong(form.group(2)));
        } else {
            first = Long.parseLong(form.group(1));
            last = form.group(2).isEmpty() ? last : Math.min(last, Long.parseLong(form.group(2)));
        }
        return first > last ? Optional.empty() : Optional.of(new FileRange(first, last - first + 1, false));
    }

    public String contentRange(long size) {
        return "bytes %d-%d/%d".formatted(from, from + length - 1, size);
    }

    /** Passes only this range of what is written on to {@code out}, which is not closed. */
    public OutputStream within(OutputStream out) {
        return new RangeOutput(out, from, length);
    }

    /** Writes it, and stops short where it may not be seen any more: asked before each piece, however slowly it is read. */
    public void copy(Path file, OutputStream out, BooleanSupplier stands) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(CHUNK, length));
            long left = length;
            long at = from;
            while (left > 0) {
                if (!stands.getAsBoolean()) {
                    throw new IOException("The grant has ended");
                }
                buffer.clear().limit((int) Math.min(buffer.capacity(), left));
                int n = channel.read(buffer, at);
                if (n < 0) {
                    throw new IOException("The file is shorter than it was");
                }
                out.write(buffer.array(), 0, n);
                left -= n;
                at += n;
            }
        }
    }
}
