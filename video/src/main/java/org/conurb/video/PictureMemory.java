package org.conurb.video;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one camera's pictures: the last one, the usual view, learned slowly, and what is wrong. Two looks in a
 * row must agree before anything changes. Confined to its thread.
 */
final class PictureMemory {
    /** Looks that the usual view is averaged over, in the end. */
    static final int SLOWEST = 20;

    private static final int LEARN_FIRST = 3;
    private static final int IN_A_ROW = 2;

    private final Map<Fault, Streak> streaks = new EnumMap<>(Fault.class);
    private @Nullable BrightnessGrid last;
    private @Nullable BrightnessGrid usual;
    private int looks;

    enum Fault {
        BLACK("Nothing is to be seen.", "Look whether the lens is covered, its light is off, or the camera is broken."),
        FROZEN(
                "The same picture comes again and again, without any change.",
                "Restart the camera; if it comes back, its encoder is broken."),
        MOVED(
                "It does not show its usual view.",
                "Turn it back. If it is meant to look there, save the camera again with its heading: the view is then"
                        + " learned anew.");

        final String detail;
        final String remedy;

        Fault(String detail, String remedy) {
            this.detail = detail;
            this.remedy = remedy;
        }

        String kind() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    PictureMemory() {
        for (Fault fault : Fault.values()) {
            streaks.put(fault, new Streak());
        }
    }

    /** Goes on from what was known before a restart. */
    void resume(Fault fault, Instant since) {
        streak(fault).open(since);
    }

    void resume(Usual known) {
        usual = known.view();
        looks = known.looks();
    }

    /** @param looks it was learned from */
    record Usual(BrightnessGrid view, int looks) {}

    /** Once it has been learned. */
    Optional<Usual> usual() {
        return looks < LEARN_FIRST
                ? Optional.empty()
                : Optional.ofNullable(usual).map(view -> new Usual(view, looks));
    }

    /** Since when, where it is so. */
    Optional<Instant> since(Fault fault) {
        return streak(fault).since();
    }

    /**
     * @param now a newer picture than at the look before
     * @param before the one shortly before it; asked for only where all seems to stand still, so that a scene that comes
     *     around again is not taken for a frozen one
     */
    void look(BrightnessGrid now, Instant at, Supplier<Optional<BrightnessGrid>> before) {
        boolean black = now.black();
        streak(Fault.BLACK).note(black, at);
        BrightnessGrid previous = last;
        last = now;
        if (black) {
            return; // black is always the same, and no view
        }
        if (previous != null) {
            boolean frozen = now.same(previous)
                    && before.get()
                            .map(shortlyBefore -> shortlyBefore.same(now))
                            .orElse(true);
            streak(Fault.FROZEN).note(frozen, at);
        }
        view(now, at);
    }

    private void view(BrightnessGrid now, Instant at) {
        BrightnessGrid known = usual;
        if (known == null || looks < LEARN_FIRST) {
            if (now.distinct()) {
                learn(now);
            }
            return;
        }
        BrightnessGrid.View view = known.compare(now);
        if (view != BrightnessGrid.View.UNCLEAR) {
            streak(Fault.MOVED).note(view == BrightnessGrid.View.OTHER, at);
        }
        if (view == BrightnessGrid.View.SAME) {
            learn(now);
        }
    }

    private void learn(BrightnessGrid now) {
        BrightnessGrid known = usual;
        looks = Math.min(SLOWEST, looks + 1);
        usual = known == null ? now : known.towards(now, 1f / looks);
    }

    private Streak streak(Fault fault) {
        return java.util.Objects.requireNonNull(streaks.get(fault));
    }

    /** Changes its mind when it hears the other twice. */
    private static final class Streak {
        private @Nullable Instant since;
        private @Nullable Instant otherwiseSince;
        private int otherwise;

        void open(Instant at) {
            since = at;
        }

        Optional<Instant> since() {
            return Optional.ofNullable(since);
        }

        void note(boolean found, Instant at) {
            if (found == (since != null)) {
                otherwise = 0;
                return;
            }
            if (otherwise++ == 0) {
                otherwiseSince = at;
            }
            if (otherwise == IN_A_ROW) {
                since = found ? otherwiseSince : null;
                otherwise = 0;
            }
        }
    }
}
