package org.conurb.streets;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * The drivable ways of an extract, on their way from the process that reads it to the one that makes the graph: their
 * libraries do not go together. A way is its speed in km/h (float), direction (byte), number of nodes (int), and of each
 * node number (long), latitude and longitude (int, 1e-7 degrees). Nothing but the JDK is used here.
 */
public final class WayFile {
    private static final int MAGIC = 0x434e5731; // CNW1
    private static final int LONGEST = 2_000; // nodes of a way, OpenStreetMap's limit

    private final List<Wanted> ways = new ArrayList<>();

    private record Wanted(long[] nodes, float kmh, byte direction) {}

    /** Latitude and longitude in 1e-7 degrees. */
    public record Spot(int latitude, int longitude) {
        public static Spot of(double latitudeDegrees, double longitudeDegrees) {
            return new Spot((int) Math.round(latitudeDegrees * 1e7), (int) Math.round(longitudeDegrees * 1e7));
        }

        double latitudeDegrees() {
            return latitude / 1e7;
        }

        double longitudeDegrees() {
            return longitude / 1e7;
        }
    }

    /** @param direction 1 along the way only, -1 against it only, 0 both */
    record Way(long[] nodes, Spot[] spots, float kmh, int direction) {}

    /** Takes a way; one that no emergency vehicle drives on is passed over. For one thread. */
    public void add(Map<String, Object> tags, long[] nodes) {
        double kmh = EmergencySpeed.kmh(tags);
        if (kmh > 0 && nodes.length > 1 && nodes.length <= LONGEST) {
            ways.add(new Wanted(nodes, (float) kmh, (byte) EmergencySpeed.direction(tags)));
        }
    }

    public int ways() {
        return ways.size();
    }

    /** @param places where the node of a number lies; empty outside the extract, where a way is cut */
    public void write(Path file, LongFunction<Optional<Spot>> places) throws IOException {
        try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16))) {
            out.writeInt(MAGIC);
            List<Spot> spots = new ArrayList<>();
            for (Wanted way : ways) {
                int from = 0;
                for (int i = 0; i <= way.nodes.length; i++) {
                    Optional<Spot> spot = i < way.nodes.length ? places.apply(way.nodes[i]) : Optional.empty();
                    if (spot.isPresent()) {
                        spots.add(spot.get());
                    } else {
                        piece(out, way, from, spots);
                        from = i + 1;
                        spots.clear();
                    }
                }
            }
        }
    }

    private static void piece(DataOutputStream out, Wanted way, int from, List<Spot> spots) throws IOException {
        if (spots.size() < 2) {
            return;
        }
        out.writeFloat(way.kmh);
        out.writeByte(way.direction);
        out.writeInt(spots.size());
        for (int i = 0; i < spots.size(); i++) {
            out.writeLong(way.nodes[from + i]);
            out.writeInt(spots.get(i).latitude());
            out.writeInt(spots.get(i).longitude());
        }
    }

    /** @throws IOException where it is not such a file, or cut off */
    static List<Way> read(Path file) throws IOException {
        List<Way> ways = new ArrayList<>();
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            if (in.readInt() != MAGIC) {
                throw new IOException("%s is not a file of ways".formatted(file));
            }
            for (int first = in.read(); first >= 0; first = in.read()) {
                int rest = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                float kmh = Float.intBitsToFloat(first << 24 | rest);
                int direction = in.readByte();
                int count = in.readInt();
                if (!(kmh > 0 && kmh <= EmergencySpeed.FASTEST_KMH)
                        || Math.abs(direction) > 1
                        || count < 2
                        || count > LONGEST) {
                    throw new IOException("%s is damaged".formatted(file));
                }
                ways.add(way(in, count, kmh, direction));
            }
        } catch (EOFException e) {
            throw new IOException("%s is cut off".formatted(file), e);
        }
        return ways;
    }

    private static Way way(DataInputStream in, int count, float kmh, int direction) throws IOException {
        long[] nodes = new long[count];
        Spot[] spots = new Spot[count];
        for (int i = 0; i < count; i++) {
            nodes[i] = in.readLong();
            spots[i] = new Spot(in.readInt(), in.readInt());
            if (Math.abs((long) spots[i].latitude) > 900_000_000L
                    || Math.abs((long) spots[i].longitude) > 1_800_000_000L) {
                throw new IOException("a way leaves the earth");
            }
        }
        return new Way(nodes, spots, kmh, direction);
    }
}
