package org.conurb.video;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What is wrong now, in memory: at most one for each camera and kind. Safe for many threads. */
final class OpenFindings {
    private final Map<CameraId, Map<String, RecordingListener.Finding>> open = new ConcurrentHashMap<>();

    void add(CameraId camera, RecordingListener.Finding finding) {
        open.computeIfAbsent(camera, id -> new ConcurrentHashMap<>()).put(finding.kind(), finding);
    }

    void remove(CameraId camera, String kind) {
        open.computeIfPresent(camera, (id, kinds) -> {
            kinds.remove(kind);
            return kinds.isEmpty() ? null : kinds;
        });
    }

    void remove(CameraId camera) {
        open.remove(camera);
    }

    Optional<RecordingListener.Finding> find(CameraId camera, String kind) {
        return Optional.ofNullable(open.get(camera)).map(kinds -> kinds.get(kind));
    }

    /** The longest first. */
    List<RecordingListener.Finding> of(CameraId camera) {
        Collection<RecordingListener.Finding> found =
                Optional.ofNullable(open.get(camera)).map(Map::values).orElse(List.of());
        return found.stream()
                .sorted(Comparator.comparing(RecordingListener.Finding::since))
                .toList();
    }
}
