package org.conurb.video;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A camera as {@code /api/video/cameras} shows it.
 *
 * @param source without login, and only to who may change the camera
 * @param certificate SHA-256 of the only certificate that the camera may show; as source
 * @param keep how long its recordings are kept; null for what the site says
 * @param state {@code connecting recording stalled off}
 * @param reason why it is not recording; empty when all is well
 * @param clockOffsetMillis camera's clock minus ours
 * @param findings the longest first
 */
record CameraView(
        String id,
        String name,
        String organisation,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String source,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String sub,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String certificate,

        String transport,
        boolean record,
        Map<String, Object> place,
        @Nullable Double heading,
        Keeping.View keep,
        String state,
        String reason,
        Instant stateSince,
        @Nullable Instant lastByteAt,
        long bitsPerSecond,
        @Nullable Long clockOffsetMillis,
        long lostPackets,
        List<FindingView> findings,
        int version) {

    /** What is wrong with it now: {@code not-recording black frozen moved}. */
    record FindingView(String kind, Instant since, String detail, String remedy) {}

    /** @param withSource whether the caller may change it */
    static CameraView of(
            Camera camera, CameraStatus status, List<RecordingListener.Finding> findings, boolean withSource) {
        return new CameraView(
                camera.urn(),
                camera.name(),
                camera.organisation().value(),
                withSource ? camera.address().shownMain() : null,
                withSource ? camera.address().shownSub().orElse(null) : null,
                withSource
                        ? camera.address()
                                .certificate()
                                .map(CertificatePin::hex)
                                .orElse(null)
                        : null,
                camera.transport().name().toLowerCase(Locale.ROOT),
                camera.recorded(),
                camera.place().toGeoJson(),
                camera.headingDegrees().orElse(null),
                camera.keeping().view(),
                CameraEntities.code(status.state()),
                status.reason(),
                status.since(),
                status.lastByteAt().orElse(null),
                status.bitsPerSecond(),
                status.clockOffset().map(Duration::toMillis).orElse(null),
                status.lostPackets(),
                findings.stream()
                        .map(one -> new FindingView(one.kind(), one.since(), one.detail(), one.remedy()))
                        .toList(),
                camera.version());
    }
}
