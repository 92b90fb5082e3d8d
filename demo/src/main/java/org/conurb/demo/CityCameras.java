package org.conurb.demo;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The twelve cameras of Alder: where they stand, whose they are, and how the site learns of them. */
enum CityCameras {
    SCHOOL_YARD("Harbour School yard", "school", Scene.SCHOOL, 7.4200, 43.7292),
    SCHOOL_GATE("Harbour School gate", "school", Scene.CROSSING, 7.4206, 43.7297),
    MARKET("Market Hall crossing", "police", Scene.CROSSING, 7.4208, 43.7310),
    COAST_ROAD("Coast Road", "police", Scene.CROSSING, 7.4212, 43.7290),
    NORTH_BRIDGE("North Road bridge", "police", Scene.CROSSING, 7.4176, 43.7389),
    WESTERN_AVENUE("Western Avenue", "police", Scene.CROSSING, 7.4028, 43.7325),
    STATION("Station crossing", "police", Scene.CROSSING, 7.4200, 43.7428),
    OLD_HARBOUR("Old Harbour quay", "town-hall", Scene.HARBOUR, 7.4219, 43.7318),
    FERRY("Ferry Terminal", "town-hall", Scene.HARBOUR, 7.4222, 43.7311),
    RIVER_MOUTH("River mouth quay", "town-hall", Scene.HARBOUR, 7.4220, 43.7345),
    TOWN_HALL("Town Hall crossing", "town-hall", Scene.CROSSING, 7.4173, 43.7316),
    STRAND("Strand promenade", "town-hall", Scene.HARBOUR, 7.4339, 43.7415);

    private final String title;
    private final String organisation;
    private final Scene scene;
    private final double longitude;
    private final double latitude;

    CityCameras(String title, String organisation, Scene scene, double longitude, double latitude) {
        this.title = title;
        this.organisation = organisation;
        this.scene = scene;
        this.longitude = longitude;
        this.latitude = latitude;
    }

    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static List<SimCamera> simulated() {
        Map<Scene, List<Clip>> clips = new EnumMap<>(Scene.class);
        for (Scene scene : Scene.values()) {
            clips.put(scene, Cameras.clips(scene));
        }
        List<SimCamera> cameras = new ArrayList<>();
        for (CityCameras camera : values()) {
            Scene other = Scene.values()[(camera.scene.ordinal() + 1) % Scene.values().length];
            cameras.add(new SimCamera(
                    camera.id(),
                    camera.title,
                    java.util.Objects.requireNonNull(clips.get(camera.scene)),
                    java.util.Objects.requireNonNull(clips.get(other))));
        }
        return cameras;
    }

    /** Makes the site know them all; may be done at every start. One that moved to another port is changed. */
    static void register(Site site, int rtspPort) throws Site.Refused {
        Map<String, JsonNode> known = new HashMap<>();
        for (JsonNode camera : site.get("/api/video/cameras?limit=200").path("items")) {
            known.put(
                    camera.path("organisation").asString() + "/"
                            + camera.path("name").asString(),
                    camera);
        }
        for (CityCameras camera : values()) {
            String source = "rtsp://127.0.0.1:%d/cameras/%s".formatted(rtspPort, camera.id());
            Map<String, String> actingFor = Map.of("Conurb-Organisation", camera.organisation);
            JsonNode before = known.get(camera.organisation + "/" + camera.title);
            Map<String, Object> login = Map.of(
                    "source", source, "sub", source + "/sub", "user", Cameras.USER, "password", Cameras.PASSWORD);
            if (before == null) {
                Map<String, Object> wanted = new HashMap<>(login);
                wanted.put("name", camera.title);
                wanted.put("organisation", camera.organisation);
                wanted.put("place", Map.of("type", "Point", "coordinates", List.of(camera.longitude, camera.latitude)));
                site.send("POST", "/api/video/cameras", wanted, actingFor);
            } else if (!before.path("source").asString("").equals(source)) {
                site.send("PATCH", "/api/video/cameras/" + before.path("id").asString(), login, actingFor);
            }
        }
    }
}
