package org.conurb.hub;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One change on its way to all streams: made into bytes at most twice, with and without what concerns persons, however
 * many read it. Shared by many threads.
 */
final class Told {
    private final ChangeRow change;
    private final Set<String> personal;
    private byte @Nullable [] open;
    private byte @Nullable [] closed;

    Told(ChangeRow change, Model model) {
        this.change = change;
        this.personal = model.personal(change.types());
    }

    ChangeRow change() {
        return change;
    }

    long seq() {
        return change.seq();
    }

    boolean concernsPersons() {
        return !personal.isEmpty() && change.text() != null;
    }

    /** The whole event as it goes over the line. */
    synchronized byte[] bytes(boolean withPersonal) {
        if (withPersonal || !concernsPersons()) {
            byte[] made = open;
            return made == null ? open = make(Set.of()) : made;
        }
        byte[] made = closed;
        return made == null ? closed = make(personal) : made;
    }

    private byte[] make(Set<String> hidden) {
        ObjectNode body = Json.mapper().createObjectNode();
        body.put("seq", change.seq());
        body.put("change", change.kind().name().toLowerCase(Locale.ROOT));
        body.put("type", change.types().getFirst());
        body.put("id", change.id());
        body.put("organisation", change.owner().value());
        body.put("at", change.at().toString());
        change.document()
                .ifPresentOrElse(
                        document -> {
                            document.remove(hidden);
                            ObjectNode entity = Representation.SIMPLE.of(document);
                            entity.remove("id");
                            entity.remove("type");
                            body.set("entity", entity);
                        },
                        () -> body.putNull("entity"));
        return event("change", change.seq(), body);
    }

    static byte[] event(String name, long seq, ObjectNode body) {
        return ("id: " + seq + "\nevent: " + name + "\ndata: " + body + "\n\n").getBytes(StandardCharsets.UTF_8);
    }
}
