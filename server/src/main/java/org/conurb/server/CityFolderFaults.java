package org.conurb.server;

import java.util.List;
import java.util.stream.Collectors;
import org.conurb.kernel.Category;
import org.conurb.kernel.ConurbException;

/** A city folder cannot be used; the message lists everything that is wrong with it, a line each. */
final class CityFolderFaults extends ConurbException {
    private final transient List<CityFault> faults;

    /** @param leftOut how many more there were than are listed */
    CityFolderFaults(String folder, List<CityFault> faults, int leftOut) {
        super(
                Category.REQUEST,
                "city-folder",
                "The city folder %s has %d %s:%n%s%s"
                        .formatted(
                                folder,
                                faults.size() + leftOut,
                                faults.size() + leftOut == 1 ? "fault" : "faults",
                                faults.stream()
                                        .map(CityFault::toString)
                                        .collect(Collectors.joining(System.lineSeparator())),
                                leftOut == 0 ? "" : "%s… and %d more.".formatted(System.lineSeparator(), leftOut)),
                "Mend each line as it says and start again.");
        this.faults = List.copyOf(faults);
    }

    /** In order of file and line. */
    List<CityFault> faults() {
        return faults;
    }
}
