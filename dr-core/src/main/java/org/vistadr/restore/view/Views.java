package org.vistadr.restore.view;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.KeyGlobs;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.SiteName;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.source.Content;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.StorageException;

/// What the bucket held at moments: listings, differences, searches and single contents. Lists come
/// from the catalog alone and are read key by key, with a memory that does not grow with the
/// bucket. Safe for use by many threads; what it gives is not.
public final class Views {

  private final Catalog catalog;
  private final Moments moments;
  private final Contents contents;

  public Views(Catalog catalog, Moments moments, Contents contents) {
    this.catalog = catalog;
    this.moments = moments;
    this.contents = contents;
  }

  /// What the bucket held at a moment.
  ///
  /// @param prefix only keys that start with it; empty for all
  /// @param after only keys above this one
  /// @param deleted the keys that had content before and were deleted at the moment, instead of
  ///   those that were there
  public View view(String prefix, AsOf asOf, Optional<ObjectKey> after, boolean deleted)
      throws RestoreRefusedException {
    return new View(catalog, prefix, after, moments.forView(asOf), deleted);
  }

  /// What differs between two moments.
  ///
  /// @param prefix only keys that start with it; empty for all
  /// @param after only keys above this one
  public Diff diff(String prefix, AsOf from, AsOf to, Optional<ObjectKey> after)
      throws RestoreRefusedException {
    return new Diff(
        catalog.versions().histories(prefix, after), moments.forView(from), moments.forView(to));
  }

  /// Keys that match a glob.
  ///
  /// @param prefix what every match starts with; saves reading the others
  /// @param after only keys above this one
  public Search search(
      String prefix, KeyGlobs globs, Search.Wanted wanted, AsOf asOf, Optional<ObjectKey> after)
      throws RestoreRefusedException {
    return new Search(
        catalog.versions().histories(prefix, after), globs, wanted, moments.forView(asOf));
  }

  /// The moment to write down when somebody gives a moment a name: it will always mean the same.
  ///
  /// @throws RestoreRefusedException as a view at that moment would be refused
  public Instant pin(AsOf asOf) throws RestoreRefusedException {
    return moments.pin(asOf);
  }

  /// Adds up a part of a view, and what of it is at which secondary.
  ///
  /// @param after only keys above this one
  /// @param secondaries where to look
  /// @param keys so many are looked at, at most
  public ViewSum sum(AsOf asOf, Optional<ObjectKey> after, List<SiteName> secondaries, int keys)
      throws RestoreRefusedException {
    return ViewSum.of(view("", asOf, after, false), catalog.replicas(), secondaries, keys);
  }

  /// What a view stands on.
  public Footing footing(RestorePlan.Moment moment) {
    return moments.footing(moment);
  }

  /// Prefixes that existed at a moment, near one that did not; at most a few.
  public List<String> nearestPrefixes(String prefix, AsOf asOf) throws RestoreRefusedException {
    return NearestPrefixes.of(catalog, prefix, moments.forView(asOf));
  }

  /// Opens a version for reading, from the primary or else from a secondary.
  ///
  /// @throws RestoreRefusedException when nothing was there or the bytes are nowhere
  /// @throws StorageException when every site that has it failed
  public Content content(ObjectKey key, Which which, ByteRange range)
      throws RestoreRefusedException, StorageException {
    return contents.open(key, which, range);
  }

  /// A link under which anybody can read exactly one version for a while. The site was asked
  /// whether it has those bytes.
  ///
  /// @param validity at most seven days
  /// @throws RestoreRefusedException when nothing was there, or no site can pin the version
  /// @throws StorageException when every site that has it failed
  public Link link(ObjectKey key, Which which, Duration validity)
      throws RestoreRefusedException, StorageException {
    return contents.link(key, which, validity);
  }
}
