package org.conurb.video;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.Access;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Ids;
import org.conurb.kernel.NotFound;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The door {@code /api/video/cameras}. */
@RestController
@RequestMapping("/api/video/cameras")
class CameraController {
    private final Cameras cameras;
    private final CameraImport imports;
    private final Access access;
    private final Transactions transactions;

    CameraController(Cameras cameras, CameraImport imports, Access access, Transactions transactions) {
        this.cameras = cameras;
        this.imports = imports;
        this.access = access;
        this.transactions = transactions;
    }

    @PostMapping(consumes = "application/json")
    Answer add(@RequestBody NewCamera wanted, Caller caller, Change change) {
        CameraAddress address = cameras.checked(wanted)
                .orElseThrow(() -> new BadRequest(
                        "camera-source", "A camera has a source.", "Send source as rtsp://host/path, or whip."));
        return change.commit(() -> {
            Camera camera = cameras.add(caller, wanted, address);
            return Answer.created(URI.create("/api/video/cameras/" + camera.urn()), cameras.view(caller, camera));
        });
    }

    @PostMapping(consumes = "text/csv")
    Answer addAll(@RequestBody byte[] csv, Caller caller, Change change) {
        List<CameraImport.Row> rows = imports.read(csv);
        return change.commit(() -> Answer.ok(imports.add(caller, rows)));
    }

    @GetMapping
    Page<CameraView> list(Caller caller, @RequestParam @Nullable Integer limit, @RequestParam @Nullable String after) {
        int most = Page.limit(limit);
        String[] from = after == null ? new String[] {"", ""} : after.split(" ", 2);
        if (from.length != 2) {
            throw new BadRequest("after", "after is not one of ours.", "Send next of the page before.");
        }
        return transactions.as(access.owners(caller), () -> {
            List<Camera> found = cameras.list(caller, from[0], from[1], most + 1);
            List<Camera> shown = found.subList(0, Math.min(most, found.size()));
            return new Page<>(
                    shown.stream().map(camera -> cameras.view(caller, camera)).toList(),
                    found.size() > most
                            ? shown.getLast().organisation() + " "
                                    + shown.getLast().name()
                            : null);
        });
    }

    @GetMapping("/{id}")
    CameraView find(@PathVariable String id, Caller caller) {
        CameraId camera = id(id);
        return transactions.as(access.owners(caller), () -> cameras.view(caller, cameras.find(caller, camera)));
    }

    @PatchMapping("/{id}")
    Answer change(@PathVariable String id, @RequestBody NewCamera patch, Caller caller, Change change) {
        CameraId camera = id(id);
        Optional<CameraAddress> address = cameras.checked(patch);
        return change.commit(() -> Answer.ok(cameras.view(caller, cameras.change(caller, camera, patch, address))));
    }

    @DeleteMapping("/{id}")
    Answer remove(@PathVariable String id, Caller caller, Change change) {
        CameraId camera = id(id);
        return change.commit(() -> {
            cameras.remove(caller, camera);
            return Answer.noContent();
        });
    }

    static CameraId id(String text) {
        UUID id = Ids.parse(Camera.KIND, text).orElseThrow(() -> new NotFound("camera", text));
        return new CameraId(id);
    }
}
