package org.vistadr.restore;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.CurrentState;
import org.vistadr.model.Entry;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Regime;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestoreItem.State;
import org.vistadr.model.RestoreItem.Written;
import org.vistadr.model.Sha256;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;
import org.vistadr.restore.Retries.StoppedException;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteCondition;
import org.vistadr.storage.WriteReceipt;
import org.vistadr.storage.transfer.ObjectTransfer;
import org.vistadr.storage.transfer.TransferLimits;

/// Carries out one item: writes under the condition that the key is as the plan saw it, verifies,
/// and tells how it ended. What happened before a crash is recognised by looking. Safe for use by
/// many threads.
final class ItemWriter {

  private static final Logger LOG = LoggerFactory.getLogger(ItemWriter.class);

  private final Catalog catalog;
  private final ObjectStore primary;
  private final Regime regime;
  private final Sources sources;
  private final Retries retries;
  private final ServerCopy copies;
  private final Preserve preserve;
  private final ObjectTransfer transfer;
  private final String restoreId;
  private final Optional<SiteName> from;

  ItemWriter(
      Catalog catalog,
      ObjectStore primary,
      Regime regime,
      Sources sources,
      RestoreSettings settings,
      Retries retries,
      Job job) {
    this.catalog = catalog;
    this.primary = primary;
    this.regime = regime;
    this.sources = sources;
    this.retries = retries;
    this.copies = new ServerCopy(primary);
    this.preserve = new Preserve(primary, sources, copies);
    this.transfer =
        new ObjectTransfer(new TransferLimits(settings.bufferLimit(), settings.multipartAbove()));
    this.restoreId = job.restoreId();
    this.from = job.from();
  }

  /// What all items of a restore have in common.
  record Job(String restoreId, Optional<SiteName> from) {}

  /// Carries out an item.
  ///
  /// @return the item, ended
  /// @throws StoppedException when the restore is stopped before the item ended
  RestoreItem write(RestoreItem item) throws StoppedException {
    var ended =
        switch (item.action()) {
          case BRING_BACK, PUT_BACK ->
              item.markers().isEmpty() ? bringBack(item) : removeMarkers(item);
          case DELETE -> delete(item);
          case UNCHANGED, LEFT_ALONE, CANNOT ->
              throw new IllegalArgumentException("nothing to write for " + item.action());
        };
    LOG.debug(
        "restore={} key=\"{}\" action={} state={} detail=\"{}\"",
        restoreId,
        item.key(),
        item.action().text(),
        ended.state().text(),
        ended.detail());
    return ended;
  }

  private RestoreItem bringBack(RestoreItem item) throws StoppedException {
    var recorded = catalog.versions().find(item.wanted().orElseThrow());
    if (recorded.isEmpty()) {
      return item.ended(State.FAILED, "the catalog no longer knows the version");
    }
    var version = sources.original(recorded.get());
    List<String> failures = new ArrayList<>();
    for (var source : sources.of(version, from, regime)) {
      for (int tries = 1; ; tries++) {
        try {
          return bringBack(item, version, source);
        } catch (StorageException.PreconditionFailed e) {
          var settled = settleConflict(item, version, !failures.isEmpty());
          if (settled.isPresent()) {
            return settled.get();
          }
          failures.add(e.getMessage());
          break;
        } catch (StorageException e) {
          failures.add(e.getMessage());
          if (!retries.again(e, tries)) {
            break;
          }
        }
      }
    }
    return item.ended(
        State.FAILED,
        failures.isEmpty() ? "no site has its bytes any more" : String.join("; ", failures));
  }

  private RestoreItem bringBack(RestoreItem item, RecordedVersion version, Source source)
      throws StorageException {
    var prepared = item;
    if (regime != Regime.VERSIONED) {
      var looked = look(item);
      if (!looked.current().equals(item.saw()) && !stillAbsent(looked, item)) {
        throw new StorageException.PreconditionFailed(
            primary.site(), "HeadObject", "%s is not as the plan saw it".formatted(item.key()));
      }
      prepared = item.withAside(preserve.beforeWrite(regime, looked, restoreId));
    }
    return prepared.done(send(item, version, source), detail(source));
  }

  private Written send(RestoreItem item, RecordedVersion version, Source source)
      throws StorageException {
    long size = version.entry().bytes();
    var condition = condition(item.saw());
    if (source.atPrimary() && primary.profile().serverSideCopy()) {
      var receipt = copies.copy(source, size, item.key(), condition, version.sha256());
      return written(receipt, version.sha256(), source, copies.isAtomic(size));
    }
    if (!source.atPrimary() && version.sha256().isEmpty()) {
      throw new StorageException.Unproved(
          source.site(), "GetObject", "%s: no hash was ever recorded".formatted(item.key()));
    }
    var recorded = catalog.versions().attributes(version.id());
    var sent =
        transfer.move(
            source.pinned(),
            size,
            primary,
            item.key(),
            found -> holdable(recorded.orElse(found)),
            condition,
            version.sha256());
    return written(
        sent.receipt(), Optional.of(sent.sha256()), source, primary.profile().conditionalPut());
  }

  private static Written written(
      WriteReceipt receipt, Optional<Sha256> sha256, Source source, boolean atomic) {
    return new Written(
        receipt.versionId(), receipt.etag(), sha256, Optional.of(source.site()), atomic);
  }

  private ObjectAttributes holdable(ObjectAttributes attributes) {
    return primary.profile().tagging() ? attributes : attributes.withTags(Map.of());
  }

  private static WriteCondition condition(CurrentState saw) {
    return switch (saw) {
      case CurrentState.Absent _ -> WriteCondition.ABSENT;
      case CurrentState.Present(_, var etag, _) -> new WriteCondition.Matching(etag);
    };
  }

  private static String detail(Source source) {
    return source.atPrimary() ? "copied from the primary's own version" : "from " + source.site();
  }

  private static boolean stillAbsent(Looked looked, RestoreItem item) {
    return looked.current() instanceof CurrentState.Absent
        && item.saw() instanceof CurrentState.Absent;
  }

  /// The key is not as the plan saw it, or a write without an answer happened after all. Empty when
  /// it is as the plan saw it, so that it was the source that differs.
  private Optional<RestoreItem> settleConflict(
      RestoreItem item, RecordedVersion version, boolean afterFailure) throws StoppedException {
    return observe(
        item,
        () -> {
          var looked = look(item);
          if (looked.current() instanceof CurrentState.Present(var id, var etag, _)
              && holds(looked.current(), version)) {
            var aside =
                regime == Regime.VERSIONED ? item.aside() : preserve.placed(restoreId, item.key());
            return Optional.of(
                item.withAside(aside)
                    .done(
                        new Written(
                            Optional.of(id), etag, version.sha256(), Optional.empty(), false),
                        "has the wanted content already"));
          }
          if (looked.current().equals(item.saw()) || stillAbsent(looked, item)) {
            return Optional.empty();
          }
          return Optional.of(
              afterFailure
                  ? item.ended(
                      State.FAILED, "holds something else after a write that was not proved")
                  : item.ended(State.SKIPPED, "changed since the plan"));
        });
  }

  /// Whether content is proved to be that of a version: its own version id, an MD5 entity tag, or
  /// its hash.
  private boolean holds(CurrentState current, RecordedVersion version) throws StorageException {
    if (!(current instanceof CurrentState.Present(var id, var etag, var size))
        || size != version.entry().bytes()
        || !(version.entry() instanceof Entry.Content(var wantedEtag, _, _))) {
      return false;
    }
    if (!id.isNull() && id.equals(version.versionId())) {
      return true;
    }
    if (primary.profile().etagIsMd5() && Same.mayBeMd5(etag) && etag.equals(wantedEtag)) {
      return true;
    }
    if (version.sha256().isEmpty()) {
      return false;
    }
    var found = ObjectTransfer.hash(primary, version.key(), new Revision.Matching(etag));
    return found.equals(version.sha256().get());
  }

  private RestoreItem delete(RestoreItem item) throws StoppedException {
    if (!(item.saw() instanceof CurrentState.Present(_, var etag, var size))) {
      return item.ended(State.FAILED, "the plan saw nothing to delete");
    }
    return observe(
            item,
            () -> {
              var looked = look(item);
              if (looked.current() instanceof CurrentState.Absent(var marker)) {
                return Optional.of(item.done(Written.deletion(marker), "is deleted already"));
              }
              if (!looked.current().equals(item.saw())) {
                return Optional.of(item.ended(State.SKIPPED, "changed since the plan"));
              }
              if (regime != Regime.VERSIONED
                  && looked.mutableContent().isPresent()
                  && !sources.isSafe(item.key(), etag, size)) {
                return Optional.of(
                    item.ended(State.FAILED, "not at a secondary: deleting would lose it"));
              }
              Optional<VersionId> marker =
                  primary.delete(item.key(), new WriteCondition.Matching(etag));
              return look(item).current() instanceof CurrentState.Absent(var top)
                  ? Optional.of(item.done(Written.deletion(marker.or(() -> top)), "deleted"))
                  : Optional.of(item.ended(State.FAILED, "still there after it was deleted"));
            })
        .orElseThrow();
  }

  /// Removes the markers that the plan named, newest first, so that the content shows only when the
  /// last one is gone.
  private RestoreItem removeMarkers(RestoreItem item) throws StoppedException {
    var wanted = item.wantedVersion().orElseThrow();
    return observe(
            item,
            () -> {
              var looked = look(item);
              var shown = showing(item, looked, wanted, "shows already");
              if (shown.isPresent()) {
                return shown;
              }
              int gone = item.markers().size() - looked.markers().size();
              boolean asPlanned =
                  looked.current() instanceof CurrentState.Absent
                      && looked
                          .newestContent()
                          .filter(c -> c.versionId().equals(wanted))
                          .isPresent()
                      && gone >= 0
                      && item.markers()
                          .subList(gone, item.markers().size())
                          .equals(looked.markers());
              if (!asPlanned) {
                return Optional.of(item.ended(State.SKIPPED, "changed since the plan"));
              }
              for (var marker : looked.markers()) {
                primary.deleteVersion(item.key(), marker);
              }
              return showing(item, look(item), wanted, "delete marker removed")
                  .or(() ->
                      Optional.of(
                          item.ended(
                              State.FAILED, "does not show after its markers were removed")));
            })
        .orElseThrow();
  }

  private Optional<RestoreItem> showing(
      RestoreItem item, Looked looked, VersionId version, String detail) {
    return looked.current() instanceof CurrentState.Present(var id, var etag, _)
            && id.equals(version)
        ? Optional.of(
            item.done(
                new Written(
                    Optional.of(id), etag, Optional.empty(), Optional.of(primary.site()), true),
                detail))
        : Optional.empty();
  }

  private Looked look(RestoreItem item) throws StorageException {
    return PrimaryKeys.look(primary, regime, item.key());
  }

  /// Looks and decides, again after failures that may pass.
  private Optional<RestoreItem> observe(RestoreItem item, Look look) throws StoppedException {
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
}
