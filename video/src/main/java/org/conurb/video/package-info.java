/**
 * Cameras: recorded, seen live and played back, and handed over as evidence. Bytes and time come from {@code media};
 * other capabilities see cameras as {@code Camera} entities in the hub; the doors are {@code /api/video}, {@code /whep}
 * and {@code /whip}.
 */
@NullMarked
package org.conurb.video;

import org.jspecify.annotations.NullMarked;
