package org.conurb.video;

/** A light camera as a process of its own, for load; prints its address. */
final class LightCamera {
    private LightCamera() {}

    public static void main(String[] arguments) throws InterruptedException {
        FakeCamera camera = new FakeCamera(Studio.clip(), 25);
        System.out.println(camera.address());
        Thread.currentThread().join();
    }
}
