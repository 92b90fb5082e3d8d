package org.conurb.kernel;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/**
 * What a bundle of evidence holds, who took it out, why, and how to tell whether it is whole. Written as canonical JSON
 * into {@value #FILE} of the bundle; {@value #SIGNATURE} beside it is a signed note over {@link #noteText}, and {@value
 * #KEY} the site's verifier key, to be compared with the one that the city published. {@code verifier} checks it all
 * without a server.
 *
 * @param form {@value #FORM}
 * @param site id of the city
 * @param export which export this is
 * @param caseId the incident that it was made for
 * @param reason in the words of who asked
 * @param grant purpose grant that it stood under
 */
public record EvidenceManifest(
        String form,
        String site,
        UUID export,
        Instant madeAt,
        By by,
        @JsonProperty("case") String caseId,
        String reason,
        UUID grant,
        List<Part> parts) {
    public static final String FORM = "conurb-evidence/1";
    public static final String FILE = "manifest.json";
    public static final String SIGNATURE = "manifest.sig";
    public static final String KEY = "site.pub";

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern HEADER = Pattern.compile("([0-9a-f]{2}){0,128}");
    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*");

    public EvidenceManifest {
        if (!FORM.equals(form)) {
            throw new IllegalArgumentException("This is of the form %s, not %s".formatted(form, FORM));
        }
        parts = List.copyOf(parts);
    }

    /** Who took it out, acting for whom. */
    public record By(String subject, String name, OrganisationId organisation) {}

    /**
     * One source in one span.
     *
     * @param source URN of the camera or channel
     * @param owner whose it is
     * @param files in the order of time
     * @param gaps what is missing in the span, and why
     * @param chains proofs that the pieces are as they were recorded, one an hour
     */
    public record Part(
            String source,
            String name,
            OrganisationId owner,
            Instant from,
            Instant to,
            List<Recording> files,
            List<Missing> gaps,
            List<Chain> chains) {
        public Part {
            files = List.copyOf(files);
            gaps = List.copyOf(gaps);
            chains = List.copyOf(chains);
        }
    }

    /**
     * One file of the bundle: a head of {@code headBytes}, then the pieces as recorded, nothing else.
     *
     * @param path in the bundle: letters, digits and {@code . _ - /}
     * @param sha256 of the whole file, in lower-case hex
     */
    public record Recording(
            String path,
            String mediaType,
            long bytes,
            String sha256,
            Instant from,
            Instant to,
            long headBytes,
            List<Piece> pieces) {
        public Recording {
            pieces = List.copyOf(pieces);
            demand(PATH, path);
            demand(SHA256, sha256);
            if (bytes < 0 || headBytes < 0 || headBytes > bytes) {
                throw new IllegalArgumentException("%s cannot have %d bytes".formatted(path, bytes));
            }
        }
    }

    /** @param sha256 of these bytes alone, as it was when they were recorded */
    public record Piece(long bytes, String sha256) {
        public Piece {
            demand(SHA256, sha256);
            if (bytes < 1) {
                throw new IllegalArgumentException("A piece cannot have %d bytes".formatted(bytes));
            }
        }
    }

    /** A span that is not in the bundle. */
    public record Missing(Instant from, Instant to, String reason) {}

    /**
     * What of an hour's {@link HashChain} is needed to come from the exported pieces to the hour's last link, which
     * stands in the audit log.
     *
     * @param before link before the first of {@code links}, in hex
     * @param links from the first exported piece to the end of the hour
     * @param head the last link
     * @param closed whether the hour was over and its head final
     */
    public record Chain(Instant hour, String before, List<Link> links, String head, boolean closed) {
        public Chain {
            links = List.copyOf(links);
            demand(SHA256, before);
            demand(SHA256, head);
        }

        /** Whether {@code head} follows from the rest. */
        public boolean holds() {
            HexFormat hex = HexFormat.of();
            byte[] link = hex.parseHex(before);
            for (Link next : links) {
                link = HashChain.next(link, hex.parseHex(next.header()), hex.parseHex(next.sha256()));
            }
            return hex.formatHex(link).equals(head);
        }
    }

    /**
     * @param header what the source bound to the piece, in hex
     * @param sha256 of the piece; {@link #NOTHING} where the link tells of a gap
     */
    public record Link(String header, String sha256) {
        public static final String NOTHING = "0".repeat(64);

        public Link {
            demand(SHA256, sha256);
            demand(HEADER, header);
        }

        public boolean tellsOfAPiece() {
            return !sha256.equals(NOTHING);
        }
    }

    /** As written into the bundle. */
    public byte[] toBytes() {
        return Json.canonical().writeValueAsBytes(this);
    }

    /** @throws IllegalArgumentException for anything that is not such a manifest */
    public static EvidenceManifest parse(byte[] json) {
        try {
            return Json.mapper().readValue(json, EvidenceManifest.class);
        } catch (JacksonException | NullPointerException | ConurbException e) {
            throw new IllegalArgumentException("This is not a manifest: " + e.getMessage(), e);
        }
    }

    /** The text that is signed: the form, the export and the manifest's SHA-256. */
    public static String noteText(UUID export, byte[] manifest) {
        return "%s\n%s\n%s\n"
                .formatted(
                        FORM,
                        export,
                        HexFormat.of().formatHex(HashChain.sha256().digest(manifest)));
    }

    private static void demand(Pattern form, String text) {
        if (!form.matcher(text).matches()) {
            throw new IllegalArgumentException("%s is not of the form %s".formatted(text, form));
        }
    }
}
