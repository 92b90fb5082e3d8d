package org.conurb.video;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Brings what was written to the disk for good: the system's way, or that of a test which cuts the power. */
interface Force {
    Force TO_DISK = new Force() {
        @Override
        public void file(Path file, FileChannel channel) throws IOException {
            channel.force(false);
        }

        @Override
        public void folder(Path folder) throws IOException {
            try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
                names.force(true);
            }
        }
    };

    /** The bytes of a file, and its length. */
    void file(Path file, FileChannel channel) throws IOException;

    /** The names in a folder: without them, a new file is not there after a power cut, however well its bytes are kept. */
    void folder(Path folder) throws IOException;
}
