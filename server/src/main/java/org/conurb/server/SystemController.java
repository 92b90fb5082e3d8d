package org.conurb.server;

import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Caller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The door {@code /api/system}: what is wrong and what to do, as the operations page shows it. */
@RestController
class SystemController {
    private final SystemState system;
    private final Access access;

    SystemController(SystemState system, Access access) {
        this.system = system;
        this.access = access;
    }

    @GetMapping("/api/system")
    SystemState.View state(Caller caller) {
        access.demand(caller, Action.READ, "System", caller.organisation(), "state");
        return system.view();
    }
}
