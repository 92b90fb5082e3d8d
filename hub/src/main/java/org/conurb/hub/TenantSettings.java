package org.conurb.hub;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** @param tenantsOnFirstUse whether what creates something in a tenant that is not makes the tenant too */
@ConfigurationProperties("conurb.hub")
record TenantSettings(@DefaultValue("false") boolean tenantsOnFirstUse) {}
