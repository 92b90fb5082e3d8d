package org.conurb.video;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A process that answers each request for a still with its number instead of a picture. */
final class FakePictures {
    private FakePictures() {}

    static List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                FakePictures.class.getName());
    }

    public static void main(String[] arguments) throws IOException {
        DataInputStream in = new DataInputStream(System.in);
        DataOutputStream out = new DataOutputStream(System.out);
        try {
            for (int number = 1; ; number++) {
                in.readNBytes(in.readInt());
                out.writeInt(9 + 576 + 4);
                out.writeByte(0);
                out.writeInt(320);
                out.writeInt(180);
                out.write(new byte[576]);
                out.writeInt(number);
                out.flush();
            }
        } catch (EOFException end) {
            out.flush();
        }
    }
}
