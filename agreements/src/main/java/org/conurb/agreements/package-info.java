/**
 * Who may do what with whose data for which purpose: implements {@link org.conurb.kernel.Access}, the one decision point
 * ({@link org.conurb.agreements.Agreements}). Own organisation by role, another's by a grant of the city folder, and what
 * concerns persons under purpose grants ({@code /api/grants}). Uses kernel and store; all else is package-private.
 */
@NullMarked
package org.conurb.agreements;

import org.jspecify.annotations.NullMarked;
