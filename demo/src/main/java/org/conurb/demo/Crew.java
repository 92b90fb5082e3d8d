package org.conurb.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One crew with its vehicle: a machine of states that only time and assignments move. It tells the {@link Terminal} what it
 * does; it never decides what it is sent to. Changed by one thread.
 */
final class Crew {
    /** What a crew says and asks. */
    interface Terminal {
        /** Reports a status by the state's name, such as {@code EN_ROUTE}. */
        void status(Crew crew, String state);

        /** Says something on the radio. */
        void says(Crew crew, Phrase phrase);

        /** Asks for the way; the answer is the line itself where no road leads there. */
        Drive way(Crew crew, double[] from, double[] to);

        /** Has nothing more to do at the incident. */
        void clear(Crew crew, String incident);
    }

    enum State {
        HOME,
        ROAMING,
        ALERTED,
        DRIVING,
        ON_SCENE,
        TO_HOSPITAL,
        AT_HOSPITAL,
        RETURNING
    }

    private static final double[] HOSPITAL = {7.4026, 43.7323};

    private final String id;
    private final String callSign;
    private final String kind;
    private final String organisation;
    private final double[] home;
    private final List<double[]> beat;
    private final Random random;
    private double[] place;
    private volatile State state = State.HOME;
    private Instant since = Instant.MIN;
    private Duration pause = Duration.ZERO;
    private @Nullable Drive drive;
    private @Nullable String incident;
    private String incidentType = "";
    private double[] goal = {0, 0};
    private volatile boolean linked = true;
    private int told;

    /** @param beat places on roads that a patrol drives between */
    Crew(String id, String callSign, String kind, String organisation, double[] home, List<double[]> beat, long seed) {
        this.id = id;
        this.callSign = callSign;
        this.kind = kind;
        this.organisation = organisation;
        this.home = home.clone();
        this.beat = List.copyOf(beat);
        this.place = home.clone();
        this.random = new Random(seed * 31 + callSign.hashCode());
        this.pause = seconds(3, 40);
    }

    String id() {
        return id;
    }

    String callSign() {
        return callSign;
    }

    String kind() {
        return kind;
    }

    String organisation() {
        return organisation;
    }

    State state() {
        return state;
    }

    double[] place() {
        return place.clone();
    }

    @Nullable
    String incident() {
        return incident;
    }

    /** Whether its data link works; without one it goes on, and nobody hears of it. */
    boolean linked() {
        return linked;
    }

    void link(boolean works) {
        linked = works;
    }

    boolean moving() {
        return drive != null;
    }

    /** The site's word on where it is sent; null where nowhere. */
    void sent(@Nullable String to, String type, double[] where, Instant now) {
        if (!linked || java.util.Objects.equals(to, incident)) {
            return;
        }
        incident = to;
        if (to != null) {
            incidentType = type;
            goal = where.clone();
            drive = null;
            become(State.ALERTED, now, seconds(4, 14));
        } else if (state != State.HOME && state != State.ROAMING && state != State.RETURNING) {
            drive = null;
            become(State.RETURNING, now, Duration.ofSeconds(2));
        }
    }

    /** Lets time pass until now. */
    void tick(Instant now, Terminal terminal) {
        if (since.equals(Instant.MIN)) {
            since = now;
        }
        Duration gone = Duration.between(since, now);
        if (drive != null) {
            place = drive.at(gone);
            if (drive.done(gone)) {
                drive = null;
                arrived(now, terminal);
            }
        } else if (gone.compareTo(pause) >= 0) {
            next(now, terminal);
        } else if (state == State.ON_SCENE) {
            tell(gone.toMillis() / (double) pause.toMillis(), terminal);
        }
    }

    /** How it goes: now and then help is needed, and in the end all is under control. Patients are spoken of later. */
    private void tell(double done, Terminal terminal) {
        boolean patient = incidentType.startsWith("medical");
        if (told == 0 && done > 0.3) {
            told = 1;
            if (!patient && random.nextInt(4) == 0) {
                terminal.says(this, Phrase.HELP);
            }
        } else if (told == 1 && done > 0.7) {
            told = 2;
            if (!patient) {
                terminal.says(this, Phrase.UNDER_CONTROL);
            }
        }
    }

    private void next(Instant now, Terminal terminal) {
        switch (state) {
            case HOME -> {
                if (roams()) {
                    go(State.ROAMING, around(), now, terminal);
                }
            }
            case ROAMING -> go(State.ROAMING, around(), now, terminal);
            case ALERTED -> {
                terminal.status(this, "EN_ROUTE");
                terminal.says(this, Phrase.ON_THE_WAY);
                go(State.DRIVING, goal, now, terminal);
            }
            case ON_SCENE -> {
                if (kind.equals("ambulance") && incidentType.startsWith("medical")) {
                    terminal.status(this, "TRANSPORTING");
                    terminal.says(this, Phrase.TO_HOSPITAL);
                    go(State.TO_HOSPITAL, HOSPITAL, now, terminal);
                } else {
                    clear(now, terminal);
                }
            }
            case AT_HOSPITAL -> clear(now, terminal);
            case RETURNING -> go(State.RETURNING, home, now, terminal);
            case DRIVING, TO_HOSPITAL -> arrived(now, terminal);
        }
    }

    private void arrived(Instant now, Terminal terminal) {
        switch (state) {
            case DRIVING -> {
                terminal.status(this, "ON_SCENE");
                terminal.says(this, Phrase.ON_SCENE);
                told = 0;
                become(State.ON_SCENE, now, work());
            }
            case TO_HOSPITAL -> become(State.AT_HOSPITAL, now, seconds(30, 60));
            case RETURNING -> {
                terminal.status(this, "AT_STATION");
                become(State.HOME, now, seconds(20, 60));
            }
            default -> become(state, now, seconds(1, 25));
        }
    }

    private void clear(Instant now, Terminal terminal) {
        String done = incident;
        incident = null;
        if (done != null) {
            terminal.clear(this, done);
        }
        become(State.RETURNING, now, Duration.ofSeconds(3));
    }

    private Duration work() {
        return incidentType.equals("fire.alarm") ? seconds(60, 100) : seconds(90, 200);
    }

    private void go(State next, double[] to, Instant now, Terminal terminal) {
        drive = kind.equals("fireboat") ? new Drive(List.of(place(), to), 0) : terminal.way(this, place(), to);
        become(next, now, Duration.ZERO);
    }

    private void become(State next, Instant now, Duration most) {
        state = next;
        since = now;
        pause = most;
    }

    /** Patrols drive through their beat while nobody needs them. */
    private boolean roams() {
        return kind.equals("patrol") || kind.equals("motorcycle");
    }

    private double[] around() {
        double[] best = home;
        for (int i = 0; i < 4 && !beat.isEmpty(); i++) {
            double[] one = beat.get(random.nextInt(beat.size()));
            best = i == 0 || Drive.metres(home, one) < Drive.metres(home, best) ? one : best;
        }
        return best;
    }

    private Duration seconds(int least, int most) {
        return Duration.ofSeconds(least + random.nextInt(most - least + 1));
    }
}
