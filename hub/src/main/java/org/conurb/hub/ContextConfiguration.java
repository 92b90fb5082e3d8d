package org.conurb.hub;

import java.time.Clock;
import org.conurb.kernel.Access;
import org.conurb.kernel.Audit;
import org.conurb.kernel.City;
import org.conurb.kernel.Ids;
import org.conurb.outbound.OutboundHttp;
import org.conurb.store.Transactions;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** Wires what requests stand under: @contexts and tenants; and what there is to ask for. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ContextSettings.class, TenantSettings.class})
class ContextConfiguration {
    @Bean
    ContextUses contextUses(Transactions transactions, Clock clock) {
        return new ContextUses(transactions, clock);
    }

    /** @param here where others reach this site; the contexts kept here have their addresses under it */
    @Bean(destroyMethod = "close")
    ContextLibrary contextLibrary(
            Transactions transactions,
            OutboundHttp outbound,
            ContextUses uses,
            ContextSettings settings,
            Clock clock,
            Ids ids,
            @Value("${conurb.identity.public-url:http://localhost:8080}") String here) {
        return new ContextLibrary(
                transactions,
                new ContextFetch(transactions, outbound, settings, clock, ids),
                uses,
                settings,
                clock,
                here.endsWith("/") ? here.substring(0, here.length() - 1) : here);
    }

    @Bean
    Contexts contexts(ContextLibrary library) {
        return new Contexts(library);
    }

    @Bean
    ContextController contextController(
            Transactions transactions,
            ContextLibrary library,
            ContextUses uses,
            Contexts contexts,
            Access access,
            Audit audit,
            Clock clock,
            Ids ids) {
        return new ContextController(
                new ContextDoor(transactions, library, uses, contexts, access, audit, clock, ids), library);
    }

    @Bean
    Discovery discovery(Transactions transactions, Access access) {
        return new Discovery(transactions, access);
    }

    @Bean
    DiscoveryController discoveryController(Discovery discovery, Contexts contexts, Ids ids) {
        return new DiscoveryController(discovery, contexts, ids);
    }

    @Bean
    SourceController sourceController(City city, Contexts contexts, Clock clock) {
        return new SourceController(city.id(), contexts, clock);
    }

    @Bean
    Tenants tenants(Transactions transactions, Access access, Audit audit, Clock clock, TenantSettings settings) {
        return new Tenants(transactions, access, audit, clock, settings);
    }

    @Bean
    FilterRegistrationBean<TenantFilter> tenantFilter(Tenants tenants) {
        FilterRegistrationBean<TenantFilter> filter = new FilterRegistrationBean<>(new TenantFilter(tenants));
        filter.addUrlPatterns("/ngsi-ld/*", "/ogc/*", Imports.PATH + "/*");
        filter.setOrder(Ordered.LOWEST_PRECEDENCE);
        return filter;
    }

    @Bean
    TenantController tenantController(Tenants tenants) {
        return new TenantController(tenants);
    }
}
