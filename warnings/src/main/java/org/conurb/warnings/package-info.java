/**
 * Public warnings in the Common Alerting Protocol (CAP 1.2, OASIS 2010): taken in by {@code POST /api/warnings}, from
 * folders and from Atom feeds, kept as received, told to others as entities {@code Alert}. {@link
 * org.conurb.warnings.WarningsConfiguration} wires it; all else is package-private.
 */
@NullMarked
package org.conurb.warnings;

import org.jspecify.annotations.NullMarked;
