package org.conurb.demo;

import java.util.List;

/** Scenes that a visitor can ask for; nobody but the visitor answers them. */
enum Play {
    SMOKE(
            "Smoke at Harbour School: six calls",
            List.of(
                    new Call(
                            0,
                            "fire.smoke",
                            7.4200,
                            43.7294,
                            "Dark smoke from a window on the upper floor of Harbour School, yard side.",
                            "Petra Nowak",
                            "555 0101"),
                    new Call(
                            7,
                            "fire.smoke",
                            7.4207,
                            43.7297,
                            "I can see smoke over the school from the market. There are children in the yard.",
                            "Omar Diallo",
                            "555 0102"),
                    new Call(
                            12,
                            "fire.alarm",
                            7.4200,
                            43.7294,
                            "Automatic alarm: Harbour School, detector 14, second floor, chemistry room.",
                            "Alarm panel",
                            "555 0103"),
                    new Call(
                            19,
                            "fire.building",
                            7.4203,
                            43.7295,
                            "I teach here. We are leaving by the north stairs; one class may still be on the second floor.",
                            "Helen Marsh",
                            "555 0104"),
                    new Call(
                            27,
                            "fire.smoke",
                            7.4212,
                            43.7292,
                            "It smells of burning on Coast Road, smoke is coming down from the school.",
                            "Ivo Lang",
                            "555 0105"),
                    new Call(
                            38,
                            "medical.breathing",
                            7.4197,
                            43.7297,
                            "A boy has breathed smoke, he is coughing badly. We are at the school gate.",
                            "Sana Aziz",
                            "555 0106"))),
    COLLISION(
            "Collision on North Road: three calls",
            List.of(
                    new Call(
                            0,
                            "traffic.collision",
                            7.4176,
                            43.7389,
                            "Two cars have hit each other at the bridge, one is on its side.",
                            "Jan Kowal",
                            "555 0111"),
                    new Call(
                            6,
                            "traffic.collision",
                            7.4178,
                            43.7391,
                            "Accident on North Road, a woman cannot get out of the car.",
                            "Lena Brandt",
                            "555 0112"),
                    new Call(
                            14,
                            "medical.person-injured",
                            7.4175,
                            43.7388,
                            "My husband's arm is bleeding, we were in the white car at the bridge.",
                            "Maria Costa",
                            "555 0113"))),
    BOAT(
            "Boat on fire in the harbour: two calls",
            List.of(
                    new Call(
                            0,
                            "fire.boat",
                            7.4234,
                            43.7322,
                            "A sailing boat at the second pier is burning, the wind blows towards the others.",
                            "Nils Berg",
                            "555 0121"),
                    new Call(
                            9,
                            "fire.boat",
                            7.4225,
                            43.7318,
                            "There is a fire in the old harbour, somebody jumped into the water.",
                            "Yara Haddad",
                            "555 0122")));

    private final String title;
    private final List<Call> calls;

    Play(String title, List<Call> calls) {
        this.title = title;
        this.calls = calls;
    }

    String title() {
        return title;
    }

    List<Call> calls() {
        return calls;
    }
}
