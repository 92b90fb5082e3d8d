package org.conurb.streets;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires this room; whoever starts it says where its files are. */
@Configuration(proxyBeanMethods = false)
public class StreetsConfiguration {
    @Bean
    Streets streets(StreetsFolder folder) {
        return new Streets(folder);
    }

    @Bean
    StreetController streetController(Streets streets) {
        return new StreetController(streets);
    }
}
