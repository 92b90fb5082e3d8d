package org.conurb.hub;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.conurb.kernel.ConurbException;
import org.conurb.store.Transactions;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets a request to the doors of linked data work in the tenant that {@code NGSILD-Tenant} names, and tells it in the
 * answer (GS CIM 009 clauses 5.5.10, 6.3.14). Runs behind authentication.
 */
final class TenantFilter extends OncePerRequestFilter {
    static final String HEADER = "NGSILD-Tenant";

    /** What these create may be the first in its tenant. */
    private static final Set<String> CREATING = Set.of(
            "/ngsi-ld/v1/entities",
            "/ngsi-ld/v1/entityOperations/create",
            "/ngsi-ld/v1/entityOperations/upsert",
            "/ngsi-ld/v1/temporal/entities",
            "/ngsi-ld/v1/subscriptions",
            "/ngsi-ld/v1/csourceRegistrations",
            "/ngsi-ld/v1/csourceSubscriptions",
            Imports.PATH);

    private final Tenants tenants;

    TenantFilter(Tenants tenants) {
        this.tenants = tenants;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        List<String> named = Collections.list(request.getHeaders(HEADER));
        if (named.isEmpty()) {
            chain.doFilter(request, response);
            return;
        }
        String tenant = named.getFirst().strip();
        try {
            if (named.size() > 1) {
                throw NgsiLdFault.badData("NGSILD-Tenant comes more than once.", "Send one.");
            }
            Tenants.demandName(tenant);
            response.setHeader(HEADER, tenant);
            tenants.demand(tenant, creates(request));
        } catch (ConurbException refused) {
            NgsiLdProblems.write(request, response, refused);
            return;
        }
        try {
            Transactions.within(tenant, () -> {
                chain.doFilter(request, response);
                return true;
            });
        } catch (ServletException | IOException | RuntimeException failed) {
            throw failed;
        } catch (Exception other) {
            throw new ServletException(other);
        }
    }

    private static boolean creates(HttpServletRequest request) {
        String path = request.getRequestURI();
        return request.getMethod().equals("POST")
                && CREATING.contains(path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
    }
}
