package org.conurb.hub;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The door {@code /api/hub/tenants}. */
@RestController
@RequestMapping("/api/hub/tenants")
class TenantController {
    private static final int PAGE = 500;

    private final Tenants tenants;

    TenantController(Tenants tenants) {
        this.tenants = tenants;
    }

    record NewTenant(@Nullable String name) {}

    @PostMapping
    Answer create(@RequestBody NewTenant wanted, Caller caller, Change change) {
        String name = wanted.name();
        if (name == null) {
            throw new BadRequest("tenant-name", "The tenant has no name.", "Send {\"name\":\"north\"}.");
        }
        return tenants.create(caller, change, name);
    }

    @GetMapping
    Answer list(Caller caller, @RequestParam(defaultValue = "") String after) {
        List<Tenants.Tenant> found = tenants.list(caller, after, PAGE + 1);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("items", found.subList(0, Math.min(PAGE, found.size())));
        if (found.size() > PAGE) {
            body.put("next", found.get(PAGE - 1).name());
        }
        return Answer.ok(body);
    }

    @GetMapping("/{name}")
    Answer get(Caller caller, @PathVariable String name) {
        return Answer.ok(tenants.get(caller, name));
    }

    @DeleteMapping("/{name}")
    Answer delete(Caller caller, Change change, @PathVariable String name) {
        return tenants.delete(caller, change, name);
    }
}
