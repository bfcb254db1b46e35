package org.vistadr.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What retention may remove, decided once and shown before anything goes. Immutable.
///
/// @param id `g-...`
/// @param state how it stands
/// @param secondary the only one that loses anything; empty for all
/// @param basis hash of the policies, holds and held checkpoints that it was decided by
/// @param policies of the secondaries, for people
/// @param reliesOn secondaries whose copies are relied on
/// @param madeAt in the daemon's clock
/// @param madeBy role and fingerprint of the token
/// @param expiresAt it cannot be run after this
/// @param truncated whether more may go than it names
/// @param startedAt when it was run
/// @param startedBy who ran it
/// @param reason why, as that person gave it
/// @param message why it was refused or failed
public record PrunePlan(
    String id,
    State state,
    Optional<SiteName> secondary,
    String basis,
    String policies,
    List<SiteName> reliesOn,
    Instant madeAt,
    String madeBy,
    Instant expiresAt,
    boolean truncated,
    Optional<Instant> startedAt,
    String startedBy,
    String reason,
    Optional<Instant> endedAt,
    String message) {

  /// Most replicas that one plan names as to go, and most that it names as staying.
  public static final int MOST = 100_000;

  /// Copies the list.
  public PrunePlan {
    reliesOn = List.copyOf(reliesOn);
  }

  /// How a plan stands.
  public enum State {
    /// It is being made.
    MAKING,
    /// It can be run.
    PLANNED,
    /// It runs, or goes on after a restart.
    RUNNING,
    /// Everything that it names was looked at and removed, or stays for a reason.
    DONE,
    /// It ended early because a condition did not hold; what is left stays.
    REFUSED,
    /// It ended early because the secondary did not do what was asked.
    FAILED;

    /// The name in answers and output.
    public String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /// One replica of a plan.
  ///
  /// @param seq place in the plan, from 1
  /// @param at the secondary
  /// @param version the version
  /// @param state what became of it
  /// @param why what the decision rests on
  /// @param detail one sentence
  public record Item(
      long seq,
      SiteName at,
      RecordedVersion version,
      ItemState state,
      PruneRule.Why why,
      String detail) {

    /// The same in another state.
    public Item in(ItemState other) {
      return new Item(seq, at, version, other, why, detail);
    }
  }

  /// What became of a replica.
  public enum ItemState {
    /// To be removed.
    TO_GO,
    /// It may be removed already; that is not recorded.
    REMOVING,
    /// Removed and recorded.
    REMOVED,
    /// It stays.
    STAYS,
    /// The provider refused to remove it.
    REFUSED,
    /// Something else is there than the catalog says: it was left alone.
    DIFFERS;

    /// The name in answers and output.
    public String text() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }

  /// A sum over items.
  ///
  /// @param at the secondary
  /// @param state of the items
  /// @param why what the decisions rest on
  public record Sum(SiteName at, ItemState state, PruneRule.Why why, long versions, long bytes) {}
}
