package org.vistadr.protect;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.HeldRows;
import org.vistadr.model.AuditEvent;
import org.vistadr.model.BrakeState;
import org.vistadr.model.SiteName;

/// What people do about an engaged brake: let the held deletions go to the secondaries, or treat
/// them as a mistake. Every decision is audited before it takes effect, and can be made again when
/// a crash cut it off. Thread-safe.
public final class Brake {

  private static final Logger LOG = LoggerFactory.getLogger(Brake.class);

  private final Catalog catalog;
  private final List<SiteName> secondaries;
  private final InstantSource clock;

  /// @param secondaries all that are configured
  public Brake(Catalog catalog, List<SiteName> secondaries, InstantSource clock) {
    this.catalog = catalog;
    this.secondaries = List.copyOf(secondaries);
    this.clock = clock;
  }

  /// How it stands.
  public BrakeState state() {
    return catalog.brake().state();
  }

  /// Deletions that are held at a secondary, by the brake or until the next judgement.
  public long held(SiteName secondary) {
    return catalog.held().count(secondary);
  }

  /// Lets held deletions go on: they reach the secondaries as delete markers, or as moves to the
  /// history where a bucket keeps no versions. A decision about everything takes the brake off.
  ///
  /// @return how many, over all secondaries concerned
  public long release(Decision decision) {
    AuditEvent event = event("held-released", decision);
    if (decision.everything()) {
      catalog.brake().disengage(event);
    } else {
      catalog.audit().add(event);
    }
    long released = 0;
    for (SiteName secondary : concerned(decision)) {
      released += catalog.held().release(secondary, scope(decision));
    }
    LOG.warn("held deletions released changes={} reason=\"{}\"", released, decision.reason());
    return released;
  }

  /// Treats held deletions as a mistake: they are waived, and the secondaries stay as they are.
  /// What was deleted at the primary is brought back by a restore. A decision about everything
  /// takes the brake off.
  ///
  /// @return how many, over all secondaries concerned
  public long discard(Decision decision) {
    AuditEvent event = event("held-discarded", decision);
    if (!decision.everything()) {
      catalog.audit().add(event);
    }
    long discarded = 0;
    for (SiteName secondary : concerned(decision)) {
      discarded += catalog.held().discard(secondary, scope(decision), decision.reason());
    }
    // The brake goes off last: cut off before that, everything that is left is still held.
    if (decision.everything()) {
      catalog.brake().disengage(event);
    }
    LOG.warn("held deletions discarded changes={} reason=\"{}\"", discarded, decision.reason());
    return discarded;
  }

  private List<SiteName> concerned(Decision decision) {
    return decision.secondary().map(List::of).orElse(secondaries);
  }

  /// Only what was judged: what a running scan finds waits for its own judgement.
  private HeldRows.Scope scope(Decision decision) {
    return new HeldRows.Scope(decision.prefix(), state().judgedThrough());
  }

  private AuditEvent event(String action, Decision decision) {
    long held = concerned(decision).stream().mapToLong(this::held).sum();
    return AuditEvent.of(
        clock.instant(),
        decision.who(),
        action,
        "%s%s"
            .formatted(
                decision.secondary().map(SiteName::value).orElse("all secondaries"),
                decision.prefix().map(prefix -> " " + prefix).orElse("")),
        decision.reason(),
        "%d deletions were held there%s"
            .formatted(held, decision.everything() ? "; the brake is off" : ""));
  }

  /// What a person decided.
  ///
  /// @param secondary only there; empty for all
  /// @param prefix only keys that start with it; empty for all
  /// @param who decided
  /// @param reason why
  public record Decision(
      Optional<SiteName> secondary, Optional<String> prefix, String who, String reason) {

    /// Whether it settles all that is held, and so the brake itself.
    public boolean everything() {
      return secondary.isEmpty() && prefix.isEmpty();
    }
  }
}
