package org.vistadr.model;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The execution of a restore plan. Durable: it survives the daemon and goes on where it was.
///
/// @param id `r-...`
/// @param planId the plan
/// @param state how it stands
/// @param createdAt when it was asked for
/// @param endedAt when it ended
/// @param request as in the plan, with the bandwidth that a person set since
/// @param moment as in the plan
/// @param total what the plan writes
/// @param done what is written and verified
/// @param counts items that the plan writes or could not write, by state; every state is there
/// @param message one line; empty while it runs
public record Restore(
    String id,
    String planId,
    State state,
    Instant createdAt,
    Optional<Instant> endedAt,
    RestorePlan.Request request,
    RestorePlan.Moment moment,
    RestorePlan.Amount total,
    RestorePlan.Amount done,
    Map<RestoreItem.State, Long> counts,
    String message) {

  /// Copies the counts and fills in zeros.
  public Restore {
    var all = new EnumMap<RestoreItem.State, Long>(RestoreItem.State.class);
    for (var itemState : RestoreItem.State.values()) {
      all.put(itemState, counts.getOrDefault(itemState, 0L));
    }
    counts = java.util.Collections.unmodifiableMap(all);
  }

  /// Items in one state.
  public long count(RestoreItem.State itemState) {
    return counts.getOrDefault(itemState, 0L);
  }

  /// How a restore had ended before it was taken up again.
  ///
  /// @param state partial or failed
  /// @param endedAt when
  /// @param message why, one line
  public record Attempt(State state, Instant endedAt, String message) {}

  /// How a restore stands.
  public enum State {
    /// Waits for its turn.
    QUEUED,
    /// Waits for an archive to give objects back; what has thawed is copied meanwhile.
    THAWING,
    /// Under way; every item is verified as it is written.
    RUNNING,
    /// A person made it stop for a while; it goes on where it was.
    PAUSED,
    /// Every planned object was written and verified.
    COMPLETED,
    /// Some objects were not: the items say which and why.
    PARTIAL,
    /// Nothing was written.
    FAILED,
    /// A person stopped it; what was written stays.
    CANCELLED;

    /// Whether it is over.
    public boolean ended() {
      return switch (this) {
        case QUEUED, THAWING, RUNNING, PAUSED -> false;
        case COMPLETED, PARTIAL, FAILED, CANCELLED -> true;
      };
    }

    /// The name in answers and output.
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
