package org.conurb.basemap;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The program {@code basemap FILE.osm.pbf OUT.pmtiles [--area W,S,E,N] [--threads N] [--streets FOLDER]}: makes a map of
 * an OpenStreetMap extract, and beside it the drivable ways and the names. Standard output: {@code basemap: 42 % ways} and single facts; standard error: what is wrong and what to do.
 * Ends with 0 when the map is written, 2 when what was given cannot become one, 1 when this machine failed (disk, memory).
 * The map is replaced in one step, or left as it was.
 */
public final class Basemap {
    private static final Logger ROOT = Logger.getLogger("");

    private final PrintStream out;
    private final PrintStream err;

    Basemap(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
        ROOT.setLevel(Level.WARNING); // Planetiler tells much; progress is told here
    }

    public static void main(String[] arguments) {
        System.setProperty("java.util.logging.SimpleFormatter.format", "basemap: %4$s %5$s%6$s%n");
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        // Planetiler's threads print their traces themselves: of use only when the fault is ours
        FirstBytes traces = new FirstBytes();
        System.setErr(new PrintStream(traces, true, StandardCharsets.UTF_8));
        int code = new Basemap(out, err).run(arguments);
        if (code == 1) {
            err.print(traces.toString(StandardCharsets.UTF_8));
        }
        System.exit(code);
    }

    /** Keeps what was written first, up to 64 KiB. */
    private static final class FirstBytes extends ByteArrayOutputStream {
        @Override
        public synchronized void write(int one) {
            if (count < 1 << 16) {
                super.write(one);
            }
        }

        @Override
        public synchronized void write(byte[] bytes, int from, int length) {
            super.write(bytes, from, Math.min(length, Math.max(0, (1 << 16) - count)));
        }
    }

    int run(String... arguments) {
        try (Progress progress = new Progress(out)) {
            Order order = Order.parse(arguments);
            long bytes = new MapBuild(order, progress).run();
            progress.say("wrote %s, %,d bytes".formatted(order.map(), bytes));
            progress.begin(Progress.Step.DONE, 1);
            return 0;
        } catch (Unusable e) {
            err.println("basemap: " + e.getMessage());
            err.println("basemap: " + e.remedy());
            return 2;
        } catch (IOException e) {
            err.println("basemap: could not write the map: " + e);
            err.println("basemap: Check the folder's permissions and the free disk space.");
            return 1;
        } catch (RuntimeException | Error e) {
            err.println("basemap: failed: " + e);
            e.printStackTrace(err);
            return 1;
        }
    }
}
