package org.conurb.demo;

import java.util.ArrayList;
import java.util.List;
import org.conurb.demo.Phone.Manner;
import org.conurb.demo.Phone.Mouth;
import org.conurb.demo.Phone.Noise;

/**
 * What mouth and throat do for a while: a sound is one gesture, a stop three (shut, burst, breath), a diphthong two.
 *
 * @param voice strength of the voice, 0 to 1
 * @param breath strength of breath through the whole mouth
 * @param stress how much higher the voice is, 0 or 1
 */
record Gesture(double millis, Mouth mouth, double voice, double breath, Noise noise, boolean nasal, double stress) {

    /**
     * @param phones names of {@link Phone}, a blank between them; {@code 1} behind a stressed vowel, {@code ,} for a pause
     * @throws IllegalArgumentException for a name that is none
     */
    static List<Gesture> of(String phones) {
        List<Phone> sounds = new ArrayList<>();
        List<Boolean> stressed = new ArrayList<>();
        for (String token : phones.strip().split("\\s+")) {
            stressed.add(token.endsWith("1"));
            sounds.add(token.equals(",") ? Phone.SIL : Phone.valueOf(token.replace("1", "")));
        }
        List<Gesture> gestures = new ArrayList<>();
        for (int i = 0; i < sounds.size(); i++) {
            Phone next = i + 1 < sounds.size() ? sounds.get(i + 1) : Phone.SIL;
            Mouth before = gestures.isEmpty() ? Mouth.UNSET : gestures.getLast().mouth();
            add(gestures, sounds.get(i), next, before, stressed.get(i), ends(sounds, i));
        }
        return List.copyOf(gestures);
    }

    /** Whether no vowel comes any more before the next pause: what is spoken last is spoken longer. */
    private static boolean ends(List<Phone> sounds, int at) {
        for (int i = at + 1; i < sounds.size() && sounds.get(i) != Phone.SIL; i++) {
            if (sounds.get(i).shape().manner() == Manner.VOWEL) {
                return false;
            }
        }
        return true;
    }

    private static void add(List<Gesture> to, Phone phone, Phone next, Mouth before, boolean stressed, boolean last) {
        Phone.Shape shape = phone.shape();
        Mouth after = next.shape().from().isSet() ? next.shape().from() : new Mouth(500, 1450, 2450);
        double stress = stressed ? 1 : 0;
        switch (shape.manner()) {
            case VOWEL -> {
                double millis = shape.millis() * (stressed ? 1 : 0.72) * (last ? 1.35 : 1);
                boolean moves = !shape.from().equals(shape.to());
                to.add(open(moves ? millis * 0.5 : millis, shape.from(), 1, stress));
                if (moves) {
                    to.add(open(millis * 0.5, shape.to(), 0.9, stress));
                }
            }
            case GLIDE -> to.add(open(shape.millis(), shape.from(), 0.75, stress));
            case NASAL ->
                to.add(new Gesture(shape.millis() * (last ? 1.3 : 1), shape.from(), 0.8, 0, Noise.NONE, true, stress));
            case HISS ->
                to.add(new Gesture(
                        shape.millis() * (last ? 1.2 : 1),
                        shape.from(),
                        shape.voice() ? 0.35 : 0,
                        0,
                        shape.noise(),
                        false,
                        stress));
            case STOP -> stop(to, phone, next, after, stress);
            case BREATH -> to.add(new Gesture(shape.millis(), after, 0, 0.3, Noise.NONE, false, stress));
            case SILENCE ->
                to.add(new Gesture(shape.millis(), before.isSet() ? before : after, 0, 0, Noise.NONE, false, stress));
        }
    }

    private static Gesture open(double millis, Mouth mouth, double voice, double stress) {
        return new Gesture(millis, mouth, voice, 0, Noise.NONE, false, stress);
    }

    private static void stop(List<Gesture> to, Phone phone, Phone next, Mouth after, double stress) {
        Phone.Shape shape = phone.shape();
        Mouth mouth = shape.from();
        Noise noise = shape.noise();
        if (phone == Phone.K || phone == Phone.G) { // the tongue shuts where the next vowel wants it
            double second = 0.5 * mouth.second() + 0.5 * after.second();
            mouth = new Mouth(mouth.first(), second, Math.max(second + 350, mouth.third() - 250));
            noise = new Noise(Math.clamp(second * 1.12, 1200, 2900), noise.width(), noise.level());
        }
        boolean followed = next.shape().manner() == Manner.VOWEL || next.shape().manner() == Manner.GLIDE;
        boolean affricate = phone == Phone.CH || phone == Phone.JH;
        to.add(new Gesture(shape.millis(), mouth, shape.voice() ? 0.12 : 0, 0, Noise.NONE, false, stress));
        if (affricate) {
            to.add(new Gesture(shape.voice() ? 55 : 80, mouth, shape.voice() ? 0.2 : 0, 0.02, noise, false, stress));
        } else {
            to.add(new Gesture(shape.voice() ? 8 : 14, mouth, shape.voice() ? 0.2 : 0, 0.05, noise, false, stress));
            if (!shape.voice()) {
                to.add(new Gesture(followed ? 38 : 20, after, 0, followed ? 0.2 : 0.08, Noise.NONE, false, stress));
            }
        }
    }
}
