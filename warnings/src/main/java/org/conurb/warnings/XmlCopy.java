package org.conurb.warnings;

import java.util.LinkedHashMap;
import java.util.Map;
import org.xml.sax.Attributes;

/** Writes a part of a document, told by a parser, as a document of its own: same elements, attributes and text. */
final class XmlCopy {
    private final StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    private final Map<String, String> declarations;
    private int depth;

    /** @param inScope prefixes that hold where the part begins */
    XmlCopy(Map<String, String> inScope) {
        declarations = new LinkedHashMap<>(inScope);
    }

    /** Told before the element that declares it. */
    void prefix(String prefix, String uri) {
        declarations.put(prefix, uri);
    }

    void start(String qName, Attributes attributes) {
        xml.append('<').append(qName);
        declarations.forEach((prefix, uri) -> attribute(prefix.isEmpty() ? "xmlns" : "xmlns:" + prefix, uri));
        declarations.clear();
        for (int i = 0; i < attributes.getLength(); i++) {
            attribute(attributes.getQName(i), attributes.getValue(i));
        }
        xml.append('>');
        depth++;
    }

    void text(char[] chars, int start, int length) {
        escape(new String(chars, start, length));
    }

    /** @return whether the part is whole */
    boolean end(String qName) {
        xml.append("</").append(qName).append('>');
        return --depth == 0;
    }

    private void attribute(String name, String value) {
        xml.append(' ').append(name).append("=\"");
        escape(value);
        xml.append('"');
    }

    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> xml.append("&lt;");
                case '>' -> xml.append("&gt;");
                case '&' -> xml.append("&amp;");
                case '"' -> xml.append("&quot;");
                case '\r' -> xml.append("&#13;");
                default -> xml.append(c);
            }
        }
    }

    @Override
    public String toString() {
        return xml.toString();
    }
}
