package org.conurb.server;

import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.reader.ReaderException;

/**
 * Bytes of one city file to a tree with places. The bounds: {@value #MAX_BYTES} bytes, {@value #MAX_DEPTH} levels, one
 * document, UTF-8; no anchors (a few lines of them can stand for billions of values), no tags. JSON is read as well.
 */
final class CityYaml {
    static final int MAX_BYTES = 1 << 20;
    private static final int MAX_DEPTH = 24;

    private final String file;
    private final CityFaults faults;

    CityYaml(String file, CityFaults faults) {
        this.file = file;
        this.faults = faults;
    }

    /** @return a value whose faults have been told already, where the bytes are not a tree */
    CityValue read(byte[] bytes) {
        String text = decoded(bytes);
        Node root = text == null ? null : tree(text);
        return root == null ? CityValue.absent(file, faults) : CityValue.of(file, faults, root);
    }

    private @Nullable String decoded(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        out.flip();
        if (result.isError()) {
            faultAfter(
                    out.toString(),
                    "This is not UTF-8 (byte 0x%02x).".formatted(bytes[in.position()]),
                    "Save the file as UTF-8 in your editor.");
            return null;
        }
        String text = out.toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private @Nullable Node tree(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_BYTES);
        options.setNestingDepthLimit(MAX_DEPTH + 1);
        options.setMaxAliasesForCollections(0);
        Yaml yaml = new Yaml(new SafeConstructor(options));
        try {
            if (!plain(yaml.parse(new StringReader(text)))) {
                return null;
            }
            Node root = yaml.compose(new StringReader(text));
            if (root == null) {
                faults.add(file, "The file is empty.", "Fill it, or delete it if it is not needed.");
            }
            return root;
        } catch (MarkedYAMLException e) {
            String problem = e.getProblem() == null ? "the text ends too early" : e.getProblem();
            faultAt(
                    e.getProblemMark(),
                    "This is not YAML: %s.".formatted(sentence(problem)),
                    "Check indentation (spaces, never tabs), colons and quotes here and on the line before.");
        } catch (ReaderException e) {
            int end = Math.min(text.length(), text.offsetByCodePoints(0, Math.min(e.getPosition(), points(text))));
            faultAfter(
                    text.substring(0, end),
                    "The character U+%04X may not stand in YAML.".formatted(e.getCodePoint()),
                    "Delete it.");
        } catch (YAMLException e) {
            faults.add(file, "This is not YAML: %s.".formatted(sentence(e.getMessage())), "Check the file's form.");
        }
        return null;
    }

    /** Whether there is nothing in it that only machines write. */
    private boolean plain(Iterable<Event> events) {
        int depth = 0;
        for (Event event : events) {
            boolean anchor = event instanceof AliasEvent || event instanceof NodeEvent node && node.getAnchor() != null;
            boolean tag = event instanceof ScalarEvent scalar && scalar.getTag() != null
                    || event instanceof CollectionStartEvent start && start.getTag() != null;
            depth += event instanceof CollectionStartEvent ? 1 : event instanceof CollectionEndEvent ? -1 : 0;
            if (anchor) {
                faultAt(event.getStartMark(), "Anchors (&) and aliases (*) are not taken.", "Write the value out.");
            } else if (tag) {
                faultAt(event.getStartMark(), "Tags (!) are not taken.", "Write the value without its tag.");
            } else if (depth > MAX_DEPTH) {
                faultAt(
                        event.getStartMark(),
                        "This lies deeper than %d levels.".formatted(MAX_DEPTH),
                        "A city file needs no more than eight: check the brackets.");
            } else {
                continue;
            }
            return false;
        }
        return true;
    }

    private static int points(String text) {
        return text.codePointCount(0, text.length());
    }

    private static String sentence(@Nullable String problem) {
        String line =
                String.valueOf(problem).lines().findFirst().orElse("unreadable").strip();
        return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
    }

    private void faultAt(@Nullable Mark mark, String what, String remedy) {
        int line = mark == null ? 0 : mark.getLine() + 1;
        faults.add(new CityFault(file, line, mark == null ? 0 : mark.getColumn() + 1, what, remedy));
    }

    /** A fault right behind {@code before}. */
    private void faultAfter(String before, String what, String remedy) {
        int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
        int column = before.length() - before.lastIndexOf('\n');
        faults.add(new CityFault(file, line, column, what, remedy));
    }
}
