package org.conurb.server;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what is wrong in a city folder, so that all of it is shown together. Confined to one thread. */
final class CityFaults {
    private static final int MOST_SHOWN = 200;

    private final Set<CityFault> found = new LinkedHashSet<>();
    private int leftOut;

    void add(CityFault fault) {
        if (found.size() < MOST_SHOWN) {
            found.add(fault);
        } else {
            leftOut++;
        }
    }

    void add(String file, String what, String remedy) {
        add(new CityFault(file, 0, 0, what, remedy));
    }

    /** @throws CityFolderFaults if anything was added */
    void raise(String folder) {
        if (!found.isEmpty()) {
            List<CityFault> sorted = new ArrayList<>(found);
            sorted.sort(CityFault.IN_ORDER);
            throw new CityFolderFaults(folder, sorted, leftOut);
        }
    }
}
