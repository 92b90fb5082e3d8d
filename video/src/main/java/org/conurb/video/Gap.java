package org.conurb.video;

import java.time.Instant;

/** A span [{@code from}, {@code to}) of a camera that should be on disk and is not. */
record Gap(Instant from, Instant to, GapReason reason) {}
