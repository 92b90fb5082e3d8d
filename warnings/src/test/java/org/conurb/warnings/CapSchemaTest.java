package org.conurb.warnings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import javax.xml.XMLConstants;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import org.conurb.kernel.SafeXml;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/** Our reading of CAP 1.2's structure against the normative XSD: the same verdict for every document. */
class CapSchemaTest {
    private static final int MUTANTS = 2_000;
    private static final String[] TEXTS = {
        "",
        " ",
        "Actual",
        " Actual",
        "Actual ",
        "actual",
        "Alert",
        "Update",
        "Public",
        "Met",
        "None",
        "Likely",
        "Very Likely",
        "Unknown",
        "en",
        "en-US",
        " en ",
        "e_n",
        "toolonglanguage",
        "fr-CA-x-y",
        "2025-10-16T09:54:02+00:00",
        " 2025-10-16T09:54:02-05:00\n",
        "2025-10-16T09:54:02Z",
        "2025-10-16T09:54:02.5-05:00",
        "2025-10-16T09:54:02,05:00",
        "2025-02-29T00:00:00-00:00",
        "2024-02-29T23:59:59+14:00",
        "2024-02-29T23:59:59+14:01",
        "2024-02-29T23:59:60-00:00",
        "2024-02-29T24:00:00-00:00",
        "2024-02-29T24:00:01-00:00",
        "0000-01-01T00:00:00-00:00",
        "0001-01-01T00:00:00-00:00",
        "2024-13-01T00:00:00-00:00",
        "2024-00-01T00:00:00-00:00",
        "2024-01-32T00:00:00-00:00",
        "2024-01-00T00:00:00-00:00",
        "2024-01-01T25:00:00-00:00",
        "2024-01-01T00:60:00-00:00",
        "2024-01-01T00:00:00-15:00",
        "2024-01-01T00:00:00-14:00",
        "2024-01-01T00:00:00+00:60",
        "2024-04-31T00:00:00+00:00",
        "1900-02-29T00:00:00+00:00",
        "2000-02-29T00:00:00+00:00",
        "1",
        "-1",
        "+1",
        "1.",
        ".5",
        "1.5",
        "1e5",
        "0x1",
        "١",
        "--1",
        "",
        "1 2",
        "NaN",
        "INF",
        "1,5",
        "+",
        ".",
        "+.5",
        "http://a.example/x",
        "http://a.example/x y",
        "a b",
        "ä",
        "%",
        "%zz",
        "%41",
        "#a",
        "a#b#c",
        "mailto:x@y",
        "x:",
        "http://[::1]/",
        "../a",
        "?q",
        "&amp;",
        "urn:a:b",
        "40.1,-70.2 0"
    };
    private static final String[] NAMES = {
        "alert",
        "identifier",
        "sender",
        "sent",
        "status",
        "msgType",
        "source",
        "scope",
        "restriction",
        "addresses",
        "code",
        "note",
        "references",
        "incidents",
        "info",
        "language",
        "category",
        "event",
        "responseType",
        "urgency",
        "severity",
        "certainty",
        "audience",
        "eventCode",
        "effective",
        "onset",
        "expires",
        "senderName",
        "headline",
        "description",
        "instruction",
        "web",
        "contact",
        "parameter",
        "resource",
        "resourceDesc",
        "mimeType",
        "size",
        "uri",
        "derefUri",
        "digest",
        "area",
        "areaDesc",
        "polygon",
        "circle",
        "geocode",
        "altitude",
        "ceiling",
        "valueName",
        "value",
        "foo"
    };

    private Schema xsd;

    @BeforeEach
    void schema() throws SAXException {
        SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
        xsd = factory.newSchema(CapSamples.schema().toFile());
    }

    @Test
    void all501AlertsPassAsTheyPassTheNormativeSchema() throws Exception {
        List<byte[]> alerts = CapSamples.weather();
        assertThat(alerts).hasSize(501);
        for (byte[] alert : alerts) {
            assertThat(faultByXsd(alert)).isEmpty();
            CapParser.parse(alert);
        }
    }

    @Test
    void theSamplesOfOthersGetTheVerdictOfTheNormativeSchema() throws Exception {
        Map<String, byte[]> samples = CapSamples.googleCaps();
        assertThat(samples).hasSizeGreaterThan(10);
        int passed = 0;
        for (Map.Entry<String, byte[]> sample : samples.entrySet()) {
            Optional<String> ours = faultByUs(sample.getValue());
            assertThat(ours.isEmpty())
                    .as(sample.getKey() + " " + ours)
                    .isEqualTo(faultByXsd(sample.getValue()).isEmpty());
            passed += ours.isEmpty() ? 1 : 0;
        }
        assertThat(passed).isEqualTo(6);
    }

    @Test
    void thousandsOfMutatedAlertsGetTheVerdictOfTheNormativeSchema() throws Exception {
        Random random = new Random(20260301);
        List<byte[]> seeds = new ArrayList<>(List.of(
                CapSamples.google("canada.cap"),
                CapSamples.google("australia.cap"),
                CapSamples.google("canada_signed.cap"),
                CapSamples.google("wcatwc-warning.cap"),
                everyElement()));
        seeds.addAll(CapSamples.weather().subList(0, 5));
        int valid = 0;
        int invalid = 0;
        List<String> disagreements = new ArrayList<>();
        for (int n = 0; n < MUTANTS; n++) {
            byte[] mutant = mutate(seeds.get(random.nextInt(seeds.size())), random);
            Optional<String> theirs = faultByXsd(mutant);
            Optional<String> ours = faultByUs(mutant);
            if (ours.isPresent() != theirs.isPresent()) {
                disagreements.add("ours: %s, XSD: %s".formatted(ours, theirs));
            }
            valid += theirs.isEmpty() ? 1 : 0;
            invalid += theirs.isPresent() ? 1 : 0;
        }
        assertThat(disagreements).isEmpty();
        assertThat(valid).as("valid mutants").isGreaterThan(MUTANTS / 10);
        assertThat(invalid).as("invalid mutants").isGreaterThan(MUTANTS / 10);
    }

    private static byte[] everyElement() {
        return Cap.alert("all")
                .before("scope", "<source>s</source>")
                .before(
                        "info",
                        "<restriction/><addresses>a</addresses><code>c</code><code>d</code><note>n</note>"
                                + "<references>a,b,2025-10-16T09:54:02+00:00</references><incidents>i</incidents>")
                .before("urgency", "<responseType>None</responseType><responseType>Avoid</responseType>")
                .before(
                        "expires",
                        "<audience>all</audience><eventCode><valueName>a</valueName><value>b</value></eventCode>"
                                + "<effective>2025-10-16T09:54:02+00:00</effective><onset>2025-10-16T09:54:02+00:00</onset>")
                .before(
                        "area",
                        "<description/><instruction>x</instruction><web>http://a.example/b?c=d</web><contact/>"
                                + "<parameter><valueName>a</valueName><value>b</value></parameter>"
                                + "<resource><resourceDesc>r</resourceDesc><mimeType>image/png</mimeType><size>12</size>"
                                + "<uri>a.png</uri><derefUri>AA==</derefUri><digest>00</digest></resource>"
                                + "<area><areaDesc>b</areaDesc><circle>1,1 1</circle><altitude>1.5</altitude>"
                                + "<ceiling>2</ceiling></area>")
                .bytes();
    }

    private static byte[] mutate(byte[] seed, Random random) throws Exception {
        Document document = SafeXml.documentBuilder().parse(new ByteArrayInputStream(seed));
        for (int times = 1 + random.nextInt(2); times > 0; times--) {
            mutate(document, random);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TransformerFactory.newInstance().newTransformer().transform(new DOMSource(document), new StreamResult(out));
        return out.toByteArray();
    }

    private static void mutate(Document document, Random random) {
        List<Element> all = new ArrayList<>();
        collect(document.getDocumentElement(), all);
        Element one = all.get(random.nextInt(all.size()));
        Element other = all.get(random.nextInt(all.size()));
        Node parent = one.getParentNode();
        boolean root = parent == document;
        switch (random.nextInt(14)) {
            case 0 -> {
                if (!root) {
                    parent.removeChild(one);
                }
            }
            case 1 -> {
                if (!root) {
                    parent.insertBefore(one.cloneNode(true), one);
                }
            }
            case 2 -> {
                if (!root && one.getPreviousSibling() != null) {
                    parent.insertBefore(one, one.getPreviousSibling());
                }
            }
            case 3 -> {
                if (!root
                        && one.getPreviousSibling() != null
                        && one.getPreviousSibling().getPreviousSibling() != null) {
                    parent.insertBefore(one, one.getPreviousSibling().getPreviousSibling());
                }
            }
            case 4 -> {
                if (!root && !contains(one, other)) {
                    other.appendChild(one);
                }
            }
            case 5 -> {
                if (!root) {
                    document.renameNode(one, one.getNamespaceURI(), NAMES[random.nextInt(NAMES.length)]);
                }
            }
            case 6, 7, 8 -> leaf(all, random).setTextContent(TEXTS[random.nextInt(TEXTS.length)]);
            case 9 -> {
                Element leaf = leaf(all, random);
                StringBuilder text = new StringBuilder(leaf.getTextContent());
                if (!text.isEmpty()) {
                    int at = random.nextInt(text.length());
                    text.setCharAt(at, "0129 -+:TZ.,aé#%/\t".charAt(random.nextInt(18)));
                }
                leaf.setTextContent(text.toString());
            }
            case 10 ->
                one.insertBefore(document.createTextNode(random.nextBoolean() ? " \n" : "x"), one.getFirstChild());
            case 11 -> {
                String[] attributes = {"lang", "xml:lang", "id", "xsi:schemaLocation"};
                String name = attributes[random.nextInt(attributes.length)];
                if (name.startsWith("xsi:")) {
                    one.setAttributeNS(XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI, name, "urn:x y");
                } else if (name.startsWith("xml:")) {
                    one.setAttributeNS(XMLConstants.XML_NS_URI, name, "en");
                } else {
                    one.setAttribute(name, "x");
                }
            }
            case 12 -> {
                Element signature = document.createElementNS(CapSchema.SIGNATURE_NAMESPACE, "ds:Signature");
                signature
                        .appendChild(document.createElementNS("urn:other", "o:anything"))
                        .setTextContent("x");
                one.appendChild(signature);
            }
            default ->
                one.insertBefore(
                        random.nextBoolean()
                                ? document.createComment("c")
                                : document.createProcessingInstruction("p", "i"),
                        one.getFirstChild());
        }
    }

    private static Element leaf(List<Element> all, Random random) {
        List<Element> leaves = all.stream()
                .filter(e -> e.getElementsByTagName("*").getLength() == 0)
                .toList();
        return leaves.get(random.nextInt(leaves.size()));
    }

    private static boolean contains(Element outer, Node inner) {
        for (Node node = inner; node != null; node = node.getParentNode()) {
            if (node == outer) {
                return true;
            }
        }
        return false;
    }

    private static void collect(Element element, List<Element> all) {
        if (!CapSchema.NAMESPACE.equals(element.getNamespaceURI())) {
            return; // what a signature holds is free for us, and judged by global elements of CAP for the XSD
        }
        all.add(element);
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element inner) {
                collect(inner, all);
            }
        }
    }

    private static Optional<String> faultByUs(byte[] document) {
        try {
            CapParser.parse(document);
            return Optional.empty();
        } catch (CapRefused refused) {
            assertThat(refused.detail()).matches("(?s)Line [1-9][0-9]*, column [1-9][0-9]*: .+");
            return Optional.of(refused.detail());
        }
    }

    private Optional<String> faultByXsd(byte[] document) throws IOException {
        Validator validator = xsd.newValidator();
        validator.setErrorHandler(new DefaultHandler() {
            @Override
            public void error(SAXParseException e) throws SAXException {
                throw e;
            }
        });
        try {
            validator.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            validator.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
            validator.validate(new StreamSource(new ByteArrayInputStream(document)));
            return Optional.empty();
        } catch (SAXException e) {
            return Optional.of(e.toString());
        }
    }
}
