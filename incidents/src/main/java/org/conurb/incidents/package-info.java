/**
 * Incidents from first call to closing report, and the units that answer them. Other capabilities see them as {@code
 * Incident} and {@code Unit} entities in the hub; the doors are {@code /api/incidents} and {@code /api/units}.
 */
@NullMarked
package org.conurb.incidents;

import org.jspecify.annotations.NullMarked;
