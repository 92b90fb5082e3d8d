package org.conurb.video;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.conurb.audit.EvidenceBundle;
import org.conurb.audit.EvidenceExport;
import org.conurb.audit.EvidenceRoom;
import org.conurb.kernel.Access;
import org.conurb.kernel.Caller;
import org.conurb.kernel.EvidenceManifest;
import org.conurb.kernel.EvidenceManifest.Missing;
import org.conurb.kernel.EvidenceManifest.Recording;

/** Recordings of cameras as evidence. */
final class CameraEvidence implements EvidenceRoom {
    static final String KIND = "VideoExport";

    private final Cameras cameras;
    private final Recordings recordings;
    private final Views views;
    private final Access access;

    CameraEvidence(Cameras cameras, Recordings recordings, Views views, Access access) {
        this.cameras = cameras;
        this.recordings = recordings;
        this.views = views;
        this.access = access;
    }

    @Override
    public String schema() {
        return "video";
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public String door() {
        return "/api/video/exports";
    }

    @Override
    public Held hold(Caller caller, Wanted part, UUID export, String caseId) {
        Camera camera = cameras.find(caller, CameraController.id(part.source()));
        UUID grant = views.play(caller, camera, Optional.of(caseId), Views.Use.EXPORT, part.from(), part.to());
        UUID hold = recordings.hold(camera.organisation(), camera.id(), part.from(), part.to(), "export " + export);
        return new Held(
                new EvidenceExport.Part(
                        camera.id().toString(),
                        camera.name(),
                        camera.organisation().value(),
                        part.from(),
                        part.to(),
                        hold),
                grant);
    }

    @Override
    public void release(EvidenceExport.Part part) {
        recordings.release(part.hold());
    }

    @Override
    public Optional<UUID> purpose(Caller caller, Optional<String> caseId) {
        return access.purpose(caller, Camera.KIND, caseId);
    }

    @Override
    public Material open(EvidenceExport.Part part) throws IOException {
        return new Footage(
                part, recordings.evidence(part.organisation(), camera(part), part.from(), part.to()), recordings);
    }

    static CameraId camera(EvidenceExport.Part part) {
        return CameraController.id(part.source());
    }

    private record Footage(EvidenceExport.Part part, List<EvidenceHour> hours, Recordings recordings)
            implements Material {
        @Override
        public long bytes() {
            return hours.stream()
                    .flatMap(hour -> hour.fragments(part.from(), part.to()).stream())
                    .mapToLong(line -> line.record().length())
                    .sum();
        }

        @Override
        public EvidenceManifest.Part write(EvidenceBundle bundle, String folder, Progress progress) throws IOException {
            List<Recording> files = new ArrayList<>();
            List<EvidenceManifest.Chain> chains = new ArrayList<>();
            try (BundleWriter writer = new BundleWriter(bundle)) {
                for (EvidenceHour hour : hours) {
                    List<EvidenceHour.Line> lines = hour.fragments(part.from(), part.to());
                    for (EvidenceHour.Line line : lines) {
                        files.addAll(writer.add(folder, hour, line));
                        progress.wrote(line.record().length());
                    }
                    if (!lines.isEmpty()) {
                        chains.add(chain(hour, lines.getFirst()));
                    }
                }
                files.addAll(writer.end());
            }
            Instant from = part.from();
            List<Missing> gaps = recordings.gaps(part.organisation(), camera(part), from, part.to()).stream()
                    .map(gap -> new Missing(gap.from(), gap.to(), TimelineView.reason(gap.reason())))
                    .toList();
            return new EvidenceManifest.Part(
                    camera(part).urn(), part.name(), part.organisation(), from, part.to(), files, gaps, chains);
        }

        private EvidenceManifest.Chain chain(EvidenceHour hour, EvidenceHour.Line first) throws IOException {
            return hour.chainFrom(first, recordings.closedHead(camera(part), hour.hour()));
        }
    }
}
