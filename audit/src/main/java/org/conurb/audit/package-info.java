/**
 * The tamper-evident log: {@link org.conurb.audit.AuditLog} writes entries inside the caller's transaction, one
 * sequencer hashes committed ones into a Merkle tree (RFC 9162) kept as C2SP tlog-tiles and signs checkpoints, {@link
 * org.conurb.audit.AuditVerifier} recomputes it all. Proofs, tiles and checkpoints are served under {@code /api/audit}.
 */
@NullMarked
package org.conurb.audit;

import org.jspecify.annotations.NullMarked;
