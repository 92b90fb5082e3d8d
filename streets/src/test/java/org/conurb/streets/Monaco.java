package org.conurb.streets;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import javax.xml.parsers.SAXParserFactory;
import org.conurb.streets.WayFile.Spot;
import org.xml.sax.Attributes;
import org.xml.sax.helpers.DefaultHandler;

/** The recorded Monaco, from its XML form: what {@code basemap} reads from PBF. */
final class Monaco extends DefaultHandler {
    final Map<Long, Spot> spots = new HashMap<>();
    final WayFile ways = new WayFile();
    private final Map<String, Object> tags = new HashMap<>();
    private final List<Long> nodes = new ArrayList<>();

    /** Without the recording the test is skipped and says so. */
    static Path ways(Path folder) throws IOException {
        String given = System.getenv("CONURB_SHARED");
        Path shared =
                given != null ? Path.of(given) : Path.of("").toAbsolutePath().resolve("../../shared");
        Path extract = shared.resolve("data/osm/monaco.osm.gz").normalize();
        assumeTrue(
                Files.isReadable(extract),
                () -> "Skipped: the recorded extract %s is absent. Set CONURB_SHARED to the folder with data/osm."
                        .formatted(extract));
        Monaco monaco = new Monaco();
        try (InputStream in = new GZIPInputStream(Files.newInputStream(extract))) {
            SAXParserFactory.newInstance().newSAXParser().parse(in, monaco);
        } catch (javax.xml.parsers.ParserConfigurationException | org.xml.sax.SAXException e) {
            throw new IOException(e);
        }
        Path file = folder.resolve("ways");
        monaco.ways.write(file, node -> Optional.ofNullable(monaco.spots.get(node)));
        return file;
    }

    @Override
    public void startElement(String uri, String local, String name, Attributes values) {
        switch (name) {
            case "node" ->
                spots.put(
                        Long.valueOf(values.getValue("id")),
                        Spot.of(
                                Double.parseDouble(values.getValue("lat")),
                                Double.parseDouble(values.getValue("lon"))));
            case "way" -> {
                tags.clear();
                nodes.clear();
            }
            case "nd" -> nodes.add(Long.valueOf(values.getValue("ref")));
            case "tag" -> tags.put(values.getValue("k"), values.getValue("v"));
            default -> {}
        }
    }

    @Override
    public void endElement(String uri, String local, String name) {
        if (name.equals("way")) {
            ways.add(tags, nodes.stream().mapToLong(Long::longValue).toArray());
        }
    }
}
