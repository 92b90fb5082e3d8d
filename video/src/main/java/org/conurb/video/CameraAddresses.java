package org.conurb.video;

import java.net.InetAddress;

/** Where the recorder may connect to: camera networks of the city, and what {@code --allow-outbound} names. */
@FunctionalInterface
interface CameraAddresses {
    /** @param host as written in the camera's address, in lower case */
    boolean allows(String host, InetAddress address, int port);
}
