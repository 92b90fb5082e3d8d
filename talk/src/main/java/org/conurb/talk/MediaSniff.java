package org.conurb.talk;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells by its octets what a file is, whatever its sender says: pictures, sound, video, PDF and plain text, by the patterns
 * of the WHATWG's MIME Sniffing (6 and 7). Everything else is nothing that is taken. What begins like a page of HTML or SVG
 * is text. Fed with the whole file, piece by piece.
 */
final class MediaSniff {
    private static final int HEAD = 64;

    private final byte[] head = new byte[HEAD];
    private int known;
    private boolean text = true;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private final ByteBuffer left = ByteBuffer.allocate(8);
    private final CharBuffer characters = CharBuffer.allocate(1 << 14);

    void feed(byte[] octets, int length) {
        int take = Math.min(length, HEAD - known);
        System.arraycopy(octets, 0, head, known, take);
        known += take;
        if (text && !looksBinary()) {
            decode(octets, length);
        } else {
            text = false;
        }
    }

    private boolean looksBinary() {
        return byMagic(null).isPresent();
    }

    private void decode(byte[] octets, int length) {
        ByteBuffer in = ByteBuffer.allocate(left.position() + length);
        in.put(left.flip()).put(octets, 0, length).flip();
        left.clear();
        while (true) {
            CoderResult result = utf8.decode(in, characters.clear(), false);
            characters.flip();
            while (characters.hasRemaining()) {
                char c = characters.get();
                if (c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\u001b') {
                    text = false;
                    return;
                }
            }
            if (result.isError() || in.remaining() > left.capacity() && result.isUnderflow()) {
                text = false;
                return;
            }
            if (result.isUnderflow()) {
                left.put(in);
                return;
            }
        }
    }

    /**
     * @param declared what its sender says: tells sound from video where one form holds both
     * @return empty for what is not taken
     */
    Optional<String> type(@Nullable String declared) {
        Optional<String> magic = byMagic(declared);
        return magic.isPresent() || !text || left.position() > 0 || known == 0
                ? magic
                : Optional.of("text/plain; charset=utf-8");
    }

    private Optional<String> byMagic(@Nullable String declared) {
        String start = new String(head, 0, known, ISO_8859_1);
        boolean sound = declared != null && declared.startsWith("audio/");
        if (start.startsWith("\u00ff\u00d8\u00ff")) {
            return Optional.of("image/jpeg");
        }
        if (start.startsWith("\u0089PNG\r\n\u001a\n")) {
            return Optional.of("image/png");
        }
        if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) {
            return Optional.of("image/gif");
        }
        if (start.startsWith("%PDF-")) {
            return Optional.of("application/pdf");
        }
        if (start.startsWith("OggS\0")) {
            return Optional.of(sound || start.contains("OpusHead") ? "audio/ogg" : "video/ogg");
        }
        if (start.startsWith("\u001aE\u00df\u00a3") && start.contains("webm")) {
            return Optional.of(sound ? "audio/webm" : "video/webm");
        }
        if (start.startsWith("fLaC")) {
            return Optional.of("audio/flac");
        }
        if (start.startsWith("ID3") || isMp3Frame(start)) {
            return Optional.of("audio/mpeg");
        }
        return riff(start).or(() -> isoMedia(start, sound));
    }

    private static Optional<String> riff(String start) {
        if (!start.startsWith("RIFF") || start.length() < 12) {
            return Optional.empty();
        }
        return switch (start.substring(8, 12)) {
            case "WEBP" -> Optional.of("image/webp");
            case "WAVE" -> Optional.of("audio/wav");
            default -> Optional.empty();
        };
    }

    private static Optional<String> isoMedia(String start, boolean sound) {
        if (start.length() < 12 || !start.startsWith("ftyp", 4)) {
            return Optional.empty();
        }
        return switch (start.substring(8, 12)) {
            case "heic", "heix", "mif1" -> Optional.of("image/heic");
            case "avif", "avis" -> Optional.of("image/avif");
            case "M4A ", "M4B " -> Optional.of("audio/mp4");
            case "qt  " -> Optional.of("video/quicktime");
            default -> Optional.of(sound ? "audio/mp4" : "video/mp4");
        };
    }

    private static boolean isMp3Frame(String start) {
        return start.length() > 2
                && start.charAt(0) == 0xff
                && (start.charAt(1) & 0xfe) == 0xfa // MPEG-1 layer 3
                && (start.charAt(2) & 0xf0) != 0xf0;
    }
}
