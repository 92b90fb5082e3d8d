package org.conurb.incidents;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.conurb.kernel.City.UnitState;

/**
 * What is odd about a status after the one before. Told, never refused: a crew that presses the wrong key, or a radio that
 * was out of reach, must not be left with a status that is not theirs.
 */
final class StatusFlow {
    private StatusFlow() {}

    /**
     * @return codes: {@code not-assigned} on the way or there without an incident, {@code en-route-unsaid} there without
     *     having been on the way, {@code went-back} from the scene to the way, {@code late} older than the status before
     */
    static List<String> odd(Unit before, UnitState next, Instant at) {
        List<String> odd = new ArrayList<>();
        UnitState last = before.status().state();
        boolean answering = next == UnitState.EN_ROUTE || next == UnitState.ON_SCENE;
        if (answering && before.incident().isEmpty()) {
            odd.add("not-assigned");
        } else if (next == UnitState.ON_SCENE && (last == UnitState.ASSIGNED || last == UnitState.AVAILABLE)) {
            odd.add("en-route-unsaid");
        } else if (next == UnitState.EN_ROUTE && last == UnitState.ON_SCENE) {
            odd.add("went-back");
        }
        if (at.isBefore(before.status().since())) {
            odd.add("late");
        }
        return odd;
    }
}
