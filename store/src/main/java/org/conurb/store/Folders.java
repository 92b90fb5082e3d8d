package org.conurb.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What we do with folders and files on disk, made to last. */
final class Folders {
    private static final FileAttribute<Set<PosixFilePermission>> SECRET =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private Folders() {}

    static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Replaces a file as a whole, readable by us only, and on disk when this returns. */
    static void writeSecret(Path file, byte[] content) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, SECRET);
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(content));
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        force(file.toAbsolutePath().getParent());
    }

    /**
     * Copies a file that others may be writing to; the copy is readable by us only, and on disk after {@link #forceTree}.
     *
     * @return hash and size of what was copied
     */
    static BackupManifest.Entry copy(Path from, Path to, String name, PageCheck check) throws IOException {
        MessageDigest digest = sha256();
        long bytes = 0;
        try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
                FileChannel out =
                        FileChannel.open(to, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), SECRET)) {
            ByteBuffer buffer = ByteBuffer.allocate(1 << 18);
            while (fill(in, buffer.clear())) {
                buffer.flip();
                check.inspect(in, bytes, buffer);
                digest.update(buffer.duplicate());
                bytes += buffer.remaining();
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
            }
        }
        return new BackupManifest.Entry(name, bytes, HexFormat.of().formatHex(digest.digest()));
    }

    private static boolean fill(FileChannel from, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining() && from.read(buffer) >= 0) {
            // until it is full, or the file ends
        }
        return buffer.position() > 0;
    }

    static String sha256(byte[] content) {
        return HexFormat.of().formatHex(sha256().digest(content));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean isEmpty(Path folder) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            return !entries.iterator().hasNext();
        }
    }

    /** Puts all that is in a folder on disk: at once where the system can ({@code syncfs}), else file by file. */
    static void forceTree(Path tree) throws IOException {
        if (Command.run(List.of("sync", "-f", tree.toString()), Path.of("/"), "", Duration.ofMinutes(30))
                .succeeded()) {
            return;
        }
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path each : all.toList()) {
                force(each);
            }
        }
    }

    /** Puts a file's content or a folder's entries on disk. */
    static void force(@Nullable Path folder) throws IOException {
        if (folder != null) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
