package org.conurb.audit;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.Caller;
import org.conurb.kernel.EvidenceManifest;
import org.conurb.kernel.SiteKey;

/** A room whose recordings can be taken out as evidence: what {@link EvidenceExports} asks it for. */
public interface EvidenceRoom {
    /** Schema with the table {@code export}, as {@code video}; also the first word of its log events. */
    String schema();

    /** Kind by which access is asked, as {@code VideoExport}. */
    String kind();

    /** As {@code /api/video/exports}. */
    String door();

    /** What somebody wants. @param source as the door takes it */
    record Wanted(String source, Instant from, Instant to) {}

    /** A part whose originals are held, and the grant that it stands under. */
    record Held(EvidenceExport.Part part, UUID grant) {}

    /**
     * In the caller's transaction: asks for access and purpose, writes the read to the audit log, places the hold.
     *
     * @param export for which it is held
     */
    Held hold(Caller caller, Wanted wanted, UUID export, String caseId);

    /** In the current transaction. */
    void release(EvidenceExport.Part part);

    /** The grant under which the caller may now fetch such evidence. */
    Optional<UUID> purpose(Caller caller, Optional<String> caseId);

    /** On the exports' thread. */
    Material open(EvidenceExport.Part part) throws IOException;

    /** What of a part goes into the bundle. */
    interface Material {
        /** Of all that is to be written, about. */
        long bytes();

        /**
         * @param folder of the bundle, for its files
         * @throws IOException also where something is not as it was recorded
         */
        EvidenceManifest.Part write(EvidenceBundle bundle, String folder, Progress progress) throws IOException;
    }

    /** Told what was written. */
    interface Progress {
        /** @throws IOException where the export was ended */
        void wrote(long bytes) throws IOException;
    }

    /** What signs a bundle. @param site id of the city */
    record Seal(SiteKey key, String site) {}
}
