package org.conurb.hub;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Json;
import org.conurb.store.Answer;
import org.conurb.store.Transactions;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** Who this hub is to others (GS CIM 009 clauses 5.2.40, 5.15.1, 6.33). */
@RestController
class SourceController {
    private final String site;
    private final Instant startedAt;
    private final Clock clock;
    private final Contexts contexts;

    /** @param site id of the city, as {@code alder} */
    SourceController(String site, Contexts contexts, Clock clock) {
        this.site = site;
        this.contexts = contexts;
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    /** Each tenant is a source of its own, with an alias of its own, by which loops are found. */
    @GetMapping("/ngsi-ld/v1/info/sourceIdentity")
    Answer identity(Caller caller, HttpServletRequest request) {
        Parameters.of(request, Set.of());
        String tenant = Transactions.tenant();
        String alias = tenant.isEmpty() ? site : site + '.' + tenant;
        Instant now = clock.instant();
        ObjectNode identity = Json.mapper().createObjectNode();
        identity.put("id", "urn:ngsi-ld:ContextSourceIdentity:" + alias);
        identity.put("type", "ContextSourceIdentity");
        identity.put("contextSourceAlias", alias);
        identity.put(
                "contextSourceUptime",
                Duration.between(startedAt, now).truncatedTo(ChronoUnit.SECONDS).toString());
        identity.put("contextSourceTimeAt", now.toString());
        return LdAnswers.object(request, contexts.of(request), identity);
    }
}
