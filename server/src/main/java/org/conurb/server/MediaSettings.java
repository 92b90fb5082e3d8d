package org.conurb.server;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How browsers and phones reach live pictures and voice: UDP ports from N+16 on, one a core, and TCP port N+1.
 *
 * @param listen address that these ports listen on; empty for that of --listen, or for all of this machine behind a
 *     proxy with a --public-url, as a proxy carries HTTP alone
 * @param publicAddress names or addresses that browsers are told beside this machine's own, as that of a router which passes
 *     these ports on; empty for the host of --public-url
 */
@ConfigurationProperties("conurb.media")
record MediaSettings(
        @DefaultValue("") String listen, @DefaultValue List<String> publicAddress) {}
