package org.conurb.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Cameras of the simulator that stand nowhere. Their credentials are invented and open nothing else. */
final class Cameras {
    static final String USER = "viewer";
    static final String PASSWORD = "invented-eyes";

    private Cameras() {}

    static List<Clip> clips(Scene scene) {
        String name = scene.name().toLowerCase(Locale.ROOT);
        return List.of(Clip.resource(name), Clip.resource(name + "-sub"));
    }

    /** Cameras 1 to {@code count}, which show our scenes in turn. */
    static List<SimCamera> many(int count) {
        List<List<Clip>> scenes = new ArrayList<>();
        for (Scene scene : Scene.values()) {
            scenes.add(clips(scene));
        }
        List<SimCamera> cameras = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            cameras.add(new SimCamera(
                    String.valueOf(i + 1),
                    "CAMERA " + (i + 1),
                    scenes.get(i % scenes.size()),
                    scenes.get((i + 1) % scenes.size())));
        }
        return cameras;
    }

    /**
     * Cameras 1 to {@code count}, which all show one clip as it is, without name and clock.
     *
     * @param stamped whether each picture says when it was sent
     */
    static List<SimCamera> alike(int count, Clip clip, boolean stamped) {
        List<SimCamera> cameras = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            cameras.add(
                    new SimCamera(String.valueOf(i + 1), "CAMERA " + (i + 1), List.of(clip), List.of(clip), stamped));
        }
        return cameras;
    }
}
