package org.conurb.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.conurb.kernel.City;
import org.conurb.kernel.Epsg4326Point;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;
import org.jspecify.annotations.Nullable;

/**
 * Reads a city folder. {@code city.yaml} holds it all; each of its sections may lie in a file of its own instead, named
 * after it ({@code incident-types.yaml}), and districts lie in {@code districts.geojson}, as a map editor writes it.
 * Sections that are left out are those of the standard city. {@code demo/alder} shows every key.
 */
final class CityFolder {
    /** Name of the built-in city's file in places of faults. */
    static final String STANDARD = "standard-city.yaml";

    /**
     * An invented person of a demo; the password is made at the first start.
     *
     * @param seat the place taken at sign-in
     */
    record DemoPerson(String username, String name, Map<OrganisationId, Set<Role>> roles, Optional<String> seat) {}

    /** A unit of a demo and where it stands at the start. */
    record DemoUnit(String callSign, OrganisationId organisation, String kind, Epsg4326Point home) {}

    private CityFolder() {}

    /** @throws CityFolderFaults listing all that is wrong */
    static City read(Path folder) {
        CityFaults faults = new CityFaults();
        City city = new CityReader(CitySections.of(folder, faults)).city();
        faults.raise(folder.toString());
        return city;
    }

    /** The city of an {@code up} without a folder: one organisation, the standard roles, types and codes. */
    static City builtIn() {
        CityFaults faults = new CityFaults();
        City city = new CityReader(CitySections.standard(faults)).city();
        faults.raise(STANDARD);
        return city;
    }

    /** People in {@code people.yaml}, if there is one; only a demo asks. */
    static List<DemoPerson> demoPeople(Path folder) {
        City city = read(folder);
        CityFaults faults = new CityFaults();
        List<DemoPerson> people = new CityDemo(city).people(CitySections.file(folder, "people.yaml", faults));
        faults.raise(folder.toString());
        return people;
    }

    /** Units in {@code units.yaml}, if there is one; only a demo asks. */
    static List<DemoUnit> demoUnits(Path folder) {
        City city = read(folder);
        CityFaults faults = new CityFaults();
        List<DemoUnit> units = new CityDemo(city).units(CitySections.file(folder, "units.yaml", faults));
        faults.raise(folder.toString());
        return units;
    }

    static byte[] standardBytes() {
        try (@Nullable InputStream in = CityFolder.class.getResourceAsStream(STANDARD)) {
            if (in == null) {
                throw new IllegalStateException(STANDARD + " is not in this program");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The folder's own name, before the names of its files in faults. */
    static String nameOf(Path folder) {
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return name == null ? "city" : name.toString();
    }
}
