package org.conurb.warnings;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.conurb.kernel.SafeXml;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;
import org.xml.sax.helpers.LocatorImpl;

/** Reads an Atom feed (RFC 4287) for the warnings in it; what a feed may hold beside is passed over. */
final class AtomFeed extends DefaultHandler {
    private static final String ATOM = "http://www.w3.org/2005/Atom";
    private static final String CAP_PREFIX = "urn:oasis:names:tc:emergency:cap:";
    private static final Set<String> WORDS = Set.of("id", "updated", "published", "title", "summary");
    private static final int MOST_ENTRIES = 2_000;

    private final List<AtomEntry> entries = new ArrayList<>();
    private final Map<String, Deque<String>> prefixes = new LinkedHashMap<>();
    private final Deque<String> path = new ArrayDeque<>();
    private final StringBuilder text = new StringBuilder();
    private Locator locator = new LocatorImpl();
    private @Nullable Entry entry;

    private AtomFeed() {}

    /**
     * @return entries in the order of the feed
     * @throws CapRefused for anything that is no Atom feed
     */
    static List<AtomEntry> read(byte[] feed) {
        AtomFeed handler = new AtomFeed();
        try {
            SafeXml.saxParser().parse(new InputSource(new ByteArrayInputStream(feed)), handler);
        } catch (SAXParseException e) {
            throw CapRefused.xml(
                    Math.max(1, e.getLineNumber()), Math.max(1, e.getColumnNumber()), String.valueOf(e.getMessage()));
        } catch (SAXException | IOException e) {
            throw CapRefused.xml(handler.line(), 1, String.valueOf(e.getMessage()));
        }
        return List.copyOf(handler.entries);
    }

    /** An entry under way. */
    private static final class Entry {
        final Map<String, String> words = new HashMap<>();
        final Map<String, List<String>> cap = new HashMap<>();
        final XmlCopy copy;
        Optional<String> capLink = Optional.empty();
        Optional<String> link = Optional.empty();
        Optional<String> alert = Optional.empty();

        @Nullable
        XmlCopy alertCopy;

        Entry(XmlCopy copy) {
            this.copy = copy;
        }
    }

    @Override
    public void setDocumentLocator(Locator locator) {
        this.locator = locator;
    }

    @Override
    public void startPrefixMapping(String prefix, String uri) {
        prefixes.computeIfAbsent(prefix, p -> new ArrayDeque<>()).push(uri);
        if (entry != null) {
            entry.copy.prefix(prefix, uri);
            if (entry.alertCopy != null) {
                entry.alertCopy.prefix(prefix, uri);
            }
        }
    }

    @Override
    public void endPrefixMapping(String prefix) {
        Deque<String> uris = prefixes.get(prefix);
        if (uris != null) {
            uris.poll();
        }
    }

    @Override
    public void startElement(String uri, String name, String qName, Attributes attributes) {
        if (path.isEmpty() && !(uri.equals(ATOM) && name.equals("feed"))) {
            throw CapRefused.schema(line(), 1, "the document is a <%s> and not an Atom <feed>.".formatted(name));
        }
        if (path.size() == 1 && uri.equals(ATOM) && name.equals("entry")) {
            if (entries.size() == MOST_ENTRIES) {
                throw CapRefused.rule(line(), 1, "a feed has at most %d entries.".formatted(MOST_ENTRIES));
            }
            entry = new Entry(new XmlCopy(inScope()));
        }
        path.push(uri.equals(ATOM) ? "atom:" + name : uri.startsWith(CAP_PREFIX) ? "cap:" + name : name);
        text.setLength(0);
        Entry current = entry;
        if (current == null) {
            return;
        }
        boolean inContent = path.size() == 4 && path.contains("atom:content");
        if (inContent
                && current.alertCopy == null
                && current.alert.isEmpty()
                && path.peek().equals("cap:alert")) {
            current.alertCopy = new XmlCopy(inScope());
        }
        current.copy.start(qName, attributes);
        if (current.alertCopy != null) {
            current.alertCopy.start(qName, attributes);
        }
        if (path.size() == 3 && path.peek().equals("atom:link")) {
            link(current, attributes);
        }
    }

    private static void link(Entry entry, Attributes attributes) {
        Optional<String> href = Optional.ofNullable(attributes.getValue("href"));
        String type = Optional.ofNullable(attributes.getValue("type")).orElse("");
        String rel = Optional.ofNullable(attributes.getValue("rel")).orElse("alternate");
        if (type.equals(WarningController.CAP) && entry.capLink.isEmpty()) {
            entry.capLink = href;
        } else if (rel.equals("alternate") && entry.link.isEmpty()) {
            entry.link = href;
        }
    }

    @Override
    public void characters(char[] chars, int start, int length) {
        text.append(chars, start, length);
        if (entry != null) {
            entry.copy.text(chars, start, length);
            if (entry.alertCopy != null) {
                entry.alertCopy.text(chars, start, length);
            }
        }
    }

    @Override
    public void endElement(String uri, String name, String qName) {
        Entry current = entry;
        if (current != null) {
            if (current.alertCopy != null && current.alertCopy.end(qName)) {
                current.alert = Optional.of(current.alertCopy.toString());
                current.alertCopy = null;
            }
            if (path.size() == 3) {
                keep(current, uri, name);
            } else if (path.size() == 4 && name.equals("name") && path.contains("atom:author")) {
                current.words.putIfAbsent("author", text.toString());
            }
            if (current.copy.end(qName)) {
                entries.add(new AtomEntry(
                        Map.copyOf(current.words),
                        current.capLink,
                        current.link,
                        current.alert,
                        Map.copyOf(current.cap),
                        current.copy.toString()));
                entry = null;
            }
        }
        path.pop();
        text.setLength(0);
    }

    private void keep(Entry entry, String uri, String name) {
        if (uri.equals(ATOM) && WORDS.contains(name)) {
            entry.words.putIfAbsent(name, text.toString());
        } else if (uri.startsWith(CAP_PREFIX)) {
            entry.cap.computeIfAbsent(name, key -> new ArrayList<>()).add(text.toString());
        }
    }

    private Map<String, String> inScope() {
        Map<String, String> scope = new LinkedHashMap<>();
        prefixes.forEach((prefix, uris) -> {
            if (!uris.isEmpty()) {
                scope.put(prefix, uris.getFirst());
            }
        });
        scope.remove("xml");
        return scope;
    }

    @Override
    public InputSource resolveEntity(@Nullable String publicId, String systemId) {
        throw CapRefused.xml(line(), 1, "outside parts are not read.");
    }

    @Override
    public void fatalError(SAXParseException e) throws SAXException {
        throw e;
    }

    private int line() {
        return Math.max(1, locator.getLineNumber());
    }
}
