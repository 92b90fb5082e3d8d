package org.conurb.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.conurb.kernel.Caller;
import org.conurb.kernel.NotFound;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The door {@code /map}: the city's tiles by byte range (RFC 9110 §14), for whoever is signed in. */
@RestController
class MapController {
    private final CityMap map;

    MapController(CityMap map) {
        this.map = map;
    }

    @GetMapping("/map/city.pmtiles")
    ResponseEntity<Resource> tiles(Caller caller) throws IOException {
        if (!map.present()) {
            throw new NotFound("map", "city.pmtiles");
        }
        FileTime changed = Files.getLastModifiedTime(map.file());
        return ResponseEntity.ok()
                .eTag("\"%x-%x\"".formatted(changed.toMillis(), Files.size(map.file())))
                .lastModified(changed.toInstant())
                .cacheControl(CacheControl.maxAge(Duration.ofMinutes(5))
                        .cachePrivate()
                        .mustRevalidate())
                .contentType(MediaType.parseMediaType("application/vnd.pmtiles"))
                .body(new FileSystemResource(map.file()));
    }
}
