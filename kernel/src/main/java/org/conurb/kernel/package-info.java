/**
 * Values that every room shares (ids, place, time, problems, the city as configured) and the ports {@link
 * org.conurb.kernel.Access}, {@link org.conurb.kernel.CaseStatus}, {@link org.conurb.kernel.Audit} and {@link
 * org.conurb.kernel.SiteKey} that upper rooms
 * implement. No I/O, no Spring.
 */
@NullMarked
package org.conurb.kernel;

import org.jspecify.annotations.NullMarked;
