package org.conurb.benchmarks;

/**
 * One figure and what it should be.
 *
 * @param target upper limit, or lower where {@code atLeast}
 */
record Goal(String goal, double figure, String unit, double target, boolean atLeast) {
    static Goal atMost(String goal, double figure, String unit, double target) {
        return new Goal(goal, figure, unit, target, false);
    }

    static Goal atLeast(String goal, double figure, String unit, double target) {
        return new Goal(goal, figure, unit, target, true);
    }

    boolean met() {
        return atLeast ? figure >= target : figure <= target;
    }
}
