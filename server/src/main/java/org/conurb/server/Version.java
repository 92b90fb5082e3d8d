package org.conurb.server;

import java.util.Optional;

/** Which Conurb this is. */
final class Version {
    static final String CURRENT = Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
            .orElse("development");

    private Version() {}
}
