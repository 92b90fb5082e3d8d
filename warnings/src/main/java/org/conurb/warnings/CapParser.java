package org.conurb.warnings;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import org.conurb.kernel.SafeXml;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;
import org.xml.sax.helpers.LocatorImpl;

/**
 * Reads a document in one pass and stops at the first fault. Each element's children are held against {@link
 * CapSchema}, which needs no looking ahead: a place in the parent's list of children only moves forward. Signatures
 * after the infos are let pass and are not verified.
 */
final class CapParser extends DefaultHandler {
    private static final Pattern OTHER_VERSION =
            Pattern.compile("(?:urn:oasis:names:tc:emergency:cap:|http://www\\.incident\\.com/cap/)([0-9.]{1,8})");
    private static final Set<String> SCHEMA_HINTS = Set.of("schemaLocation", "noNamespaceSchemaLocation");
    private static final int MOST_ELEMENTS = 50_000;

    private final Deque<Frame> open = new ArrayDeque<>();
    private Locator locator = new LocatorImpl();
    private int elements;
    private int depthInSignature;
    private @Nullable CapNode root;

    private CapParser() {}

    /** @throws CapRefused at the first fault */
    static CapNode parse(byte[] document) {
        CapParser handler = new CapParser();
        try {
            SafeXml.saxParser().parse(new InputSource(new ByteArrayInputStream(document)), handler);
        } catch (SAXParseException e) {
            throw CapRefused.xml(
                    Math.max(1, e.getLineNumber()), Math.max(1, e.getColumnNumber()), String.valueOf(e.getMessage()));
        } catch (SAXException | IOException e) {
            throw CapRefused.xml(handler.line(), handler.column(), String.valueOf(e.getMessage()));
        }
        if (handler.root == null) {
            throw CapRefused.xml(1, 1, "there is no element.");
        }
        return handler.root;
    }

    /** An element under way: where among its parent's children we are. */
    private static final class Frame {
        final CapElement element;
        final int line;
        final int column;
        final StringBuilder text = new StringBuilder();
        final List<CapNode> children = new ArrayList<>();
        int place;
        int count;
        boolean signed;

        Frame(CapElement element, int line, int column) {
            this.element = element;
            this.line = line;
            this.column = column;
        }
    }

    @Override
    public void setDocumentLocator(Locator locator) {
        this.locator = locator;
    }

    @Override
    public void startElement(String uri, String name, String qName, Attributes attributes) {
        if (++elements > MOST_ELEMENTS) {
            throw CapRefused.rule(line(), column(), "there are more than %d elements.".formatted(MOST_ELEMENTS));
        }
        if (depthInSignature > 0) {
            depthInSignature++;
            return;
        }
        Frame parent = open.peek();
        if (parent == null) {
            demandAlert(uri, name);
            demandNoAttributes(name, attributes);
            open.push(new Frame(CapSchema.ALERT, line(), column()));
            return;
        }
        if (uri.equals(CapSchema.SIGNATURE_NAMESPACE) && open.size() == 1) {
            finish(parent, "<" + qName + ">");
            parent.signed = true;
            depthInSignature = 1;
            return;
        }
        CapElement element = next(parent, uri, name);
        demandNoAttributes(name, attributes);
        open.push(new Frame(element, line(), column()));
    }

    private void demandAlert(String uri, String name) {
        if (uri.equals(CapSchema.NAMESPACE) && name.equals("alert")) {
            return;
        }
        Matcher other = OTHER_VERSION.matcher(uri);
        if (name.equals("alert") && other.matches()) {
            throw CapRefused.version(line(), column(), other.group(1));
        }
        throw schema("the document is a <%s> of namespace %s, and not an <alert> of namespace %s."
                .formatted(name, CapRefused.quote(uri), CapSchema.NAMESPACE));
    }

    /** CAP has no attributes; a hint where a schema lies is harmless and not followed. */
    private void demandNoAttributes(String name, Attributes attributes) {
        for (int i = 0; i < attributes.getLength(); i++) {
            boolean hint = attributes.getURI(i).equals(XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI)
                    && SCHEMA_HINTS.contains(attributes.getLocalName(i));
            if (!hint) {
                throw schema("<%s> has an attribute %s, and CAP has none.".formatted(name, attributes.getQName(i)));
            }
        }
    }

    private CapElement next(Frame parent, String uri, String name) {
        CapElement in = parent.element;
        if (in.text().isPresent()) {
            throw schema("<%s> holds text only, and here a <%s>.".formatted(in.name(), name));
        }
        if (!uri.equals(CapSchema.NAMESPACE)) {
            throw schema("<%s> is of namespace %s, which has no place in <%s>."
                    .formatted(name, CapRefused.quote(uri), in.name()));
        }
        if (parent.signed) {
            throw schema("<%s> stands after a signature, which closes the <alert>.".formatted(name));
        }
        List<CapElement> places = in.children();
        for (; parent.place < places.size(); parent.place++, parent.count = 0) {
            CapElement candidate = places.get(parent.place);
            if (candidate.name().equals(name) && parent.count < candidate.most()) {
                parent.count++;
                return candidate;
            }
            if (parent.count < candidate.least()) {
                throw schema(missing(candidate, name, in));
            }
            if (candidate.name().equals(name)) {
                throw schema("<%s> may stand only once in <%s>.".formatted(name, in.name()));
            }
        }
        throw schema(
                places.stream().anyMatch(place -> place.name().equals(name))
                        ? "<%s> stands too late in <%s>.".formatted(name, in.name())
                        : "there is no <%s> in <%s>.".formatted(name, in.name()));
    }

    private static String missing(CapElement missing, String found, CapElement in) {
        boolean known = in.children().stream().anyMatch(place -> place.name().equals(found));
        return known
                ? "<%s> is missing in <%s>: it must stand before <%s>.".formatted(missing.name(), in.name(), found)
                : "there is no <%s> in <%s>; <%s> must come here.".formatted(found, in.name(), missing.name());
    }

    /** All that must stand in an element is there. */
    private void finish(Frame frame, String before) {
        List<CapElement> places = frame.element.children();
        for (; frame.place < places.size(); frame.place++, frame.count = 0) {
            if (frame.count < places.get(frame.place).least()) {
                throw schema("<%s> is missing in <%s>: it must stand before %s."
                        .formatted(places.get(frame.place).name(), frame.element.name(), before));
            }
        }
    }

    @Override
    public void characters(char[] chars, int start, int length) {
        Frame frame = open.peek();
        if (depthInSignature > 0 || frame == null) {
            return;
        }
        if (frame.element.text().isPresent()) {
            frame.text.append(chars, start, length);
            return;
        }
        String text = new String(chars, start, length);
        if (text.chars().anyMatch(c -> c != ' ' && c != '\t' && c != '\n' && c != '\r')) {
            throw schema("<%s> holds elements only, and here the text %s."
                    .formatted(frame.element.name(), CapRefused.quote(text)));
        }
    }

    @Override
    public void endElement(String uri, String name, String qName) {
        if (depthInSignature > 0) {
            depthInSignature--;
            return;
        }
        Frame frame = open.pop();
        finish(frame, "</" + qName + ">");
        String text = frame.text.toString();
        Optional<String> fault = frame.element.text().flatMap(form -> form.fault(text));
        if (fault.isPresent()) {
            throw CapRefused.schema(frame.line, frame.column, "in <%s>, %s.".formatted(name, fault.get()));
        }
        CapNode node = new CapNode(name, text, List.copyOf(frame.children), frame.line, frame.column);
        Frame parent = open.peek();
        if (parent == null) {
            root = node;
        } else {
            parent.children.add(node);
        }
    }

    @Override
    public InputSource resolveEntity(@Nullable String publicId, String systemId) {
        throw CapRefused.xml(line(), column(), "outside parts are not read.");
    }

    @Override
    public void fatalError(SAXParseException e) throws SAXException {
        throw e;
    }

    private CapRefused schema(String reason) {
        return CapRefused.schema(line(), column(), reason);
    }

    private int line() {
        return Math.max(1, locator.getLineNumber());
    }

    private int column() {
        return Math.max(1, locator.getColumnNumber());
    }
}
