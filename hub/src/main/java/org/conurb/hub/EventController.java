package org.conurb.hub;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What changes, as it changes: server-sent events. Runs on the (virtual) thread of its request until the reader goes. */
@RestController
class EventController {
    private static final Logger LOG = LoggerFactory.getLogger(EventController.class);

    private final EventStreams streams;

    EventController(EventStreams streams) {
        this.streams = streams;
    }

    @GetMapping("/api/events")
    void events(
            Caller caller,
            HttpServletRequest request,
            HttpServletResponse response,
            @RequestParam(required = false) @Nullable String types,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId) {
        Set<String> wanted = new HashSet<>();
        EntityQuery.list("types", types, 200).forEach(type -> wanted.add(Names.demand("a type", type)));
        Optional<Long> seen = seen(lastEventId);
        streams.admit();
        response.setContentType("text/event-stream");
        response.setCharacterEncoding("UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Accel-Buffering", "no");
        try {
            streams.serve(caller, request, Set.copyOf(wanted), seen, response.getOutputStream());
        } catch (IOException gone) {
            LOG.atDebug().addKeyValue("caller", caller.subject()).log("hub.reader-gone");
        }
    }

    private static Optional<Long> seen(@Nullable String lastEventId) {
        if (lastEventId == null || lastEventId.isBlank()) {
            return Optional.empty();
        }
        if (!lastEventId.strip().matches("\\d{1,18}")) {
            throw new BadRequest(
                    "last-event-id",
                    "Last-Event-ID is none of ours.",
                    "Send the id of the last event, or leave it out.");
        }
        return Optional.of(Long.parseLong(lastEventId.strip()));
    }
}
