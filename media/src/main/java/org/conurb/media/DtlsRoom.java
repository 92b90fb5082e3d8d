package org.conurb.media;

import java.security.SecureRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;

/** What all handshakes share: the identity, the library's cryptography, and virtual threads of a bounded number. */
final class DtlsRoom implements AutoCloseable {
    private static final int MAX_HANDSHAKES = 128;

    final DtlsIdentity identity;
    final JcaTlsCrypto crypto;
    final Semaphore places = new Semaphore(MAX_HANDSHAKES);
    final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("dtls-", 0).factory());

    DtlsRoom(DtlsIdentity identity, SecureRandom random) {
        this.identity = identity;
        this.crypto = new JcaTlsCryptoProvider().create(random);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
