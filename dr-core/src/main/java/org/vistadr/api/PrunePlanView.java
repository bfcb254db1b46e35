package org.vistadr.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// `/api/v1/prune-plans`: what retention may remove, and what became of it.
///
/// @param id `g-...`
/// @param state `planned`, `running`, `done`, `refused`, `failed`
/// @param secondary the only one that loses anything; absent for all
/// @param policies of the secondaries, in words
/// @param reliesOn secondaries whose copies are relied on
/// @param madeAt when it was made
/// @param madeBy role and fingerprint of the token
/// @param expiresAt it cannot be run after this
/// @param truncated whether more may go than it names: make another one afterwards
/// @param confirm what running it asks for: the names of the secondaries that lose something
/// @param startedAt when it was run
/// @param startedBy who ran it; empty before
/// @param reason why, as that person gave it; empty before
/// @param endedAt absent before
/// @param message why it was refused or failed; empty otherwise
/// @param sums over what it names
public record PrunePlanView(
    String id,
    String state,
    Optional<String> secondary,
    String policies,
    List<String> reliesOn,
    Instant madeAt,
    String madeBy,
    Instant expiresAt,
    boolean truncated,
    String confirm,
    Optional<Instant> startedAt,
    String startedBy,
    String reason,
    Optional<Instant> endedAt,
    String message,
    List<PruneSum> sums) {

  public PrunePlanView {
    reliesOn = List.copyOf(reliesOn);
    sums = List.copyOf(sums);
  }

  /// @param secondary where
  /// @param state `to-go`, `removing`, `removed`, `stays`, `refused`, `differs`
  /// @param why `no-rule`, `kept-elsewhere`, `hides-nothing` (a delete marker); of what stays
  ///   `hold`, `checkpoint`, `restore`, `last-good-copy`, `shown`, `shared`, or what a policy keeps
  ///   by now
  public record PruneSum(String secondary, String state, String why, long versions, long bytes) {}

  /// One version at one secondary.
  ///
  /// @param seq place in the plan
  /// @param versionId the primary's version id
  /// @param lastModified the primary's time of it
  /// @param state as of a sum
  /// @param why as of a sum
  /// @param detail one sentence
  public record PruneItem(
      long seq,
      String secondary,
      String key,
      String versionId,
      Instant lastModified,
      long size,
      String state,
      String why,
      String detail) {}

  /// What is asked for.
  ///
  /// @param secondary the only one that is to lose anything; absent for all with a policy
  public record PruneRequest(Optional<String> secondary) {}

  /// The approval of a plan.
  ///
  /// @param confirm as the plan says
  /// @param reason why; kept in the audit log
  public record PruneApproval(String confirm, String reason) {}
}
