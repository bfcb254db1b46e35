package org.vistadr.restore.run;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.CurrentState;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Regime;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestoreItem.State;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestoreRules.Overwrite;
import org.vistadr.model.VersionId;
import org.vistadr.restore.plan.Replan;
import org.vistadr.restore.run.Retries.StoppedException;
import org.vistadr.restore.source.Sources;
import org.vistadr.restore.target.Offer;
import org.vistadr.restore.target.Target;
import org.vistadr.restore.target.TargetWriter;
import org.vistadr.storage.StorageException;

/// Carries out one item: tries the sources in turn until one was written and proved, and tells how
/// it ended. What happened before a crash is recognised by looking. How a target is written is its
/// [TargetWriter]'s. Safe for use by many threads.
final class ItemWriter {

  private static final Logger LOG = LoggerFactory.getLogger(ItemWriter.class);

  private final Catalog catalog;
  private final Sources sources;
  private final Retries retries;
  private final TargetWriter writer;
  private final Target target;
  private final Job job;
  private volatile Optional<String> full = Optional.empty();

  ItemWriter(Catalog catalog, Sources sources, Retries retries, TargetWriter writer, Job job) {
    this.catalog = catalog;
    this.sources = sources;
    this.retries = retries;
    this.writer = writer;
    this.target = writer.target();
    this.job = job;
  }

  /// What all items of a restore have in common.
  ///
  /// @param primary the primary's regime now; empty when it is not to be read from
  record Job(String restoreId, RestorePlan.Request request, Optional<Regime> primary) {}

  /// Why nothing more can be written: the target is full.
  Optional<String> full() {
    return full;
  }

  /// Where a key is written when that is not the key itself.
  ///
  /// @throws StorageException.Rejected when the target cannot hold it
  Optional<String> place(ObjectKey key) throws StorageException.Rejected {
    return target.place(key);
  }

  /// Carries out an item.
  ///
  /// @param known the version that it wants; empty when the catalog has to be asked
  /// @return the item, ended
  /// @throws StoppedException when the restore is stopped before the item ended, or the target is
  ///   full
  RestoreItem write(RestoreItem item, Optional<RecordedVersion> known) throws StoppedException {
    var ended =
        switch (item.action()) {
          case BRING_BACK, PUT_BACK ->
              item.markers().isEmpty()
                  ? bringBack(item, known)
                  : observe(item, () -> writer.removeMarkers(item));
          case DELETE -> observe(item, () -> writer.delete(item));
          case UNCHANGED, LEFT_ALONE, CANNOT ->
              throw new IllegalArgumentException("nothing to write for " + item.action());
        };
    LOG.debug(
        "restore={} key=\"{}\" action={} state={} detail=\"{}\"",
        job.restoreId(),
        item.key(),
        item.action().text(),
        ended.state().text(),
        ended.detail());
    return ended;
  }

  private RestoreItem bringBack(RestoreItem item, Optional<RecordedVersion> known)
      throws StoppedException {
    var wanted = known.map(sources::original).or(() -> wanted(item));
    var nearest = wanted.flatMap(version -> nearest(item, version));
    Deque<Offer> offers = new ArrayDeque<>(nearest.map(List::of).orElse(List.of()));
    if (nearest.isEmpty()) {
      offers.addAll(offers(item, wanted));
    }
    if (!offers.isEmpty() && mayBeEqual(item)) {
      var equal = ifEqual(item, offers.getFirst().version());
      if (equal.isPresent()) {
        return equal.get();
      }
    }
    List<String> failures = new ArrayList<>();
    boolean archived = false;
    while (!offers.isEmpty()) {
      var offer = offers.removeFirst();
      for (int tries = 1; ; tries++) {
        try {
          return writer.write(item, offer.version(), offer.source());
        } catch (StorageException.PreconditionFailed e) {
          var settled = settleConflict(item, offer.version(), !failures.isEmpty());
          if (settled.isPresent()) {
            return settled.get();
          }
          failures.add(e.getMessage());
          break;
        } catch (StorageException.Archived e) {
          archived = true;
          failures.add(e.getMessage());
          break;
        } catch (StorageException.NoRoom e) {
          full = Optional.of(String.valueOf(e.getMessage()));
          throw new StoppedException();
        } catch (StorageException e) {
          failures.add(e.getMessage());
          if (!retries.again(e, tries)) {
            break;
          }
        }
      }
      if (nearest.filter(offer::equals).isPresent()) {
        offers.addAll(offers(item, wanted(item).or(() -> wanted)));
        offers.removeIf(other -> other.source().equals(offer.source()));
      }
    }
    if (archived) {
      return job.request().manner().thaw().isPresent()
          ? item.ended(State.THAWING, "lies in an archive")
          : item.ended(
              State.FAILED,
              "archived: plan again with --thaw standard; " + String.join("; ", failures));
    }
    return item.ended(
        State.FAILED,
        failures.isEmpty() ? "no site has its bytes any more" : String.join("; ", failures));
  }

  private Optional<RecordedVersion> wanted(RestoreItem item) {
    return item.wanted().isPresent()
        ? catalog.versions().find(item.wanted().getAsLong()).map(sources::original)
        : Optional.empty();
  }

  /// The first of [#offers] where the catalog need not be asked what other sites have.
  private Optional<Offer> nearest(RestoreItem item, RecordedVersion version) {
    return job.request().undoes().isPresent() && isNull(item.wantedVersion())
        ? Optional.empty()
        : sources
            .nearest(version, job.request().from(), job.primary())
            .map(source -> new Offer(version, source));
  }

  private static boolean isNull(Optional<VersionId> version) {
    return version.map(VersionId::isNull).orElse(true);
  }

  /// Where the bytes of an item can be had, best first. What an undo brings back may be in the
  /// bucket without the catalog's knowing it.
  private List<Offer> offers(RestoreItem item, Optional<RecordedVersion> wanted)
      throws StoppedException {
    List<Offer> offers = new ArrayList<>();
    wanted.ifPresent(version ->
        sources.of(version, job.request().from(), job.primary()).stream()
            .map(source -> new Offer(version, source))
            .forEach(offers::add));
    var undone = job.request().undoes();
    boolean ownVersion =
        !isNull(item.wantedVersion())
            && offers.stream().anyMatch(offer -> offer.source().atPrimary());
    if (undone.isPresent() && !ownVersion) {
      kept(item, undone.get()).ifPresent(offers::addFirst);
    }
    return offers;
  }

  private Optional<Offer> kept(RestoreItem item, String undone) throws StoppedException {
    for (int tries = 1; ; tries++) {
      try {
        return writer.kept(item, undone);
      } catch (StorageException e) {
        if (!retries.again(e, tries)) {
          LOG.warn(
              "restore={} key=\"{}\" kept=unknown error=\"{}\"",
              job.restoreId(),
              item.key(),
              e.getMessage());
          return Optional.empty();
        }
      }
    }
  }

  /// Whether the plan could not tell that content at another target is the wanted one: it has the
  /// size and no entity tag that compares.
  private boolean mayBeEqual(RestoreItem item) {
    return item.action() == RestoreAction.PUT_BACK
        && !job.request().target().inPlace()
        && job.request().rules().overwrite() != Overwrite.ALWAYS
        && item.saw() instanceof CurrentState.Present(_, _, var size)
        && size == item.size();
  }

  private Optional<RestoreItem> ifEqual(RestoreItem item, RecordedVersion version)
      throws StoppedException {
    return observed(
        item,
        () -> {
          var looked = target.look(item);
          return target.holds(item, looked.current(), version)
              ? Optional.of(writer.found(item, version, looked.current()))
              : Optional.empty();
        });
  }

  /// The key is not as the plan saw it, or a write without an answer happened after all. Empty when
  /// it is as the plan saw it, so that it was the source that differs.
  private Optional<RestoreItem> settleConflict(
      RestoreItem item, RecordedVersion version, boolean afterFailure) throws StoppedException {
    return observed(
        item,
        () -> {
          var looked = target.look(item);
          if (target.holds(item, looked.current(), version)) {
            return Optional.of(writer.found(item, version, looked.current()));
          }
          if (looked.asSeen(item.saw())) {
            return Optional.empty();
          }
          return Optional.of(
              afterFailure
                  ? item.ended(
                      State.FAILED, "holds something else after a write that was not proved")
                  : item.ended(State.SKIPPED, "changed since the plan"));
        });
  }

  /// Looks at an item's key, again after failures that may pass, and plans it anew.
  RestoreItem planAnew(RestoreItem item, Replan replan) throws StoppedException {
    return observe(item, () -> replan.decide(item, target, target.look(item)));
  }

  private RestoreItem observe(RestoreItem item, Change change) throws StoppedException {
    return observed(item, () -> Optional.of(change.make())).orElseThrow();
  }

  /// Looks and decides, again after failures that may pass.
  private Optional<RestoreItem> observed(RestoreItem item, Look look) throws StoppedException {
    for (int tries = 1; ; tries++) {
      try {
        return look.decide();
      } catch (StorageException.PreconditionFailed _) {
        return Optional.of(item.ended(State.SKIPPED, "changed since the plan"));
      } catch (StorageException e) {
        if (!retries.again(e, tries)) {
          return Optional.of(item.ended(State.FAILED, String.valueOf(e.getMessage())));
        }
      }
    }
  }

  @FunctionalInterface
  private interface Look {
    Optional<RestoreItem> decide() throws StorageException;
  }

  @FunctionalInterface
  private interface Change {
    RestoreItem make() throws StorageException;
  }
}
