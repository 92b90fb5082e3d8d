package org.conurb.video;

/** Name and password that a camera asks for; its text is masked. */
record CameraLogin(String name, String password) {
    @Override
    public String toString() {
        return "CameraLogin[***]";
    }
}
