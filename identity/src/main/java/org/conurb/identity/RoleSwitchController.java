package org.conurb.identity;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import org.conurb.kernel.NotFound;
import org.conurb.store.Transactions;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * In a demonstration, who is signed in goes on as another of its invented people, to see the city from another side. There
 * only where {@code conurb.identity.role-switch} is set.
 */
@RestController
@RequestMapping("/api/session")
class RoleSwitchController {
    private static final int MOST = 100;

    private final SessionController sessions;
    private final Transactions transactions;
    private final PersonStore people;

    RoleSwitchController(SessionController sessions, Transactions transactions, PersonStore people) {
        this.sessions = sessions;
        this.transactions = transactions;
        this.people = people;
    }

    /** Who one may go on as: {@code {"items":[{"username","name","roles":{"fire":["commander"]}}]}}. */
    @GetMapping("/people")
    Map<String, Object> list(HttpServletRequest request) {
        sessions.demand(request);
        List<Map<String, Object>> items = transactions.asSystem(() -> people.all(MOST)).stream()
                .map(PersonController::view)
                .toList();
        return Map.of("items", items);
    }

    /** Ends this session and opens one for {@code {"username":"…"}}. */
    @PutMapping("/person")
    ResponseEntity<Map<String, Object>> become(HttpServletRequest request, HttpServletResponse response) {
        sessions.demand(request);
        String username = Body.text(Body.object(request), "username");
        PersonStore.Known known = transactions
                .asSystem(() -> people.byUsername(username))
                .orElseThrow(() -> new NotFound("Person", username));
        return sessions.opened(known.person(), "role switch", request, response);
    }
}
