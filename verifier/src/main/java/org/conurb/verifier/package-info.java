/**
 * Tells without a server whether a bundle of evidence is whole: {@link org.conurb.verifier.VerifierCommand}. Uses only
 * {@code kernel}, reads only the bundle, writes nothing, and calls nobody.
 */
@NullMarked
package org.conurb.verifier;

import org.jspecify.annotations.NullMarked;
