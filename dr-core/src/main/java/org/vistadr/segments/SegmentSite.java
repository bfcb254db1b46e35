package org.vistadr.segments;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.vistadr.model.Entry;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Regime;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.ListingCursor;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ObjectBody;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;
import org.vistadr.storage.WriteReceipt;
import org.vistadr.storage.transfer.ObjectTransfer;

/// Segments in the bucket of one secondary. Nothing is ever written over. Safe for use by many
/// threads.
///
/// @param store the secondary
record SegmentSite(ObjectStore store) {

  /// More bytes than any segment has.
  private static final long LARGEST = 256L << 20;

  private static final ObjectAttributes ATTRIBUTES =
      ObjectAttributes.ofContentType("application/vnd.vistadr.segment");

  /// A segment that is there.
  ///
  /// @param name from its key
  /// @param revision what was written first under that key
  /// @param touched whether somebody wrote over it or deleted it since
  record Found(SegmentName name, Revision revision, boolean touched) {}

  /// Names of the chains that are there, oldest first.
  List<String> chains() throws StorageException {
    return store.commonPrefixes(SegmentName.FOLDER).stream()
        .map(prefix ->
            prefix.substring(SegmentName.FOLDER.length(), Math.max(prefix.length() - 1, 0)))
        .filter(SegmentName::isChain)
        .sorted()
        .toList();
  }

  /// Segments of a chain above a number, as plain listings show them.
  List<Found> after(String chain, long number) throws StorageException {
    List<Found> found = new ArrayList<>();
    // Every key of the number is below this one.
    ObjectKey from = new ObjectKey("%s%010d~".formatted(SegmentName.prefix(chain), number));
    ListingCursor listing =
        new ListingCursor(
            store,
            Regime.UNVERSIONED,
            new ListingRequest(
                SegmentName.prefix(chain),
                store.profile().listsFromAnyKey() && number > 0
                    ? new ListingRequest.Position.AfterKey(from)
                    : ListingRequest.Position.BEGINNING,
                ListingRequest.MAX_LIMIT));
    for (var next = listing.next(); next.isPresent(); next = listing.next()) {
      if (next.get().entry() instanceof Entry.Content content) {
        SegmentName.parse(next.get().key())
            .filter(name -> name.number() > number)
            .map(name -> new Found(name, new Revision.Matching(content.etag()), false))
            .ifPresent(found::add);
      }
    }
    return found;
  }

  /// Every segment by its chain, also those that somebody deleted or wrote over, where the bucket
  /// keeps versions: what was written first counts. Grows with the number of segments, which is
  /// bounded.
  TreeMap<String, List<Found>> all() throws StorageException {
    Regime regime = store.bucketState().regime();
    TreeMap<String, List<Found>> chains = new TreeMap<>();
    ListingCursor listing =
        new ListingCursor(
            store,
            regime,
            new ListingRequest(
                SegmentName.FOLDER, ListingRequest.Position.BEGINNING, ListingRequest.MAX_LIMIT));
    for (var ofKey = listing.nextKey(); !ofKey.isEmpty(); ofKey = listing.nextKey()) {
      add(chains, ofKey, regime);
    }
    return chains;
  }

  private static void add(
      TreeMap<String, List<Found>> chains, List<ListedVersion> newestFirst, Regime regime) {
    Optional<SegmentName> name = SegmentName.parse(newestFirst.getFirst().key());
    List<ListedVersion> contents =
        newestFirst.stream().filter(one -> one.entry() instanceof Entry.Content).toList();
    if (name.isEmpty() || contents.isEmpty()) {
      return;
    }
    ListedVersion first = contents.getLast();
    Revision revision =
        switch (regime) {
          case VERSIONED, SUSPENDED -> new Revision.Version(first.versionId());
          case UNVERSIONED ->
              first.entry() instanceof Entry.Content content
                  ? new Revision.Matching(content.etag())
                  : Revision.CURRENT;
        };
    chains
        .computeIfAbsent(name.get().chain(), _ -> new ArrayList<>())
        .add(new Found(name.get(), revision, newestFirst.size() > 1));
  }

  /// Reads a segment's bytes, whatever they are.
  byte[] read(Found found) throws StorageException {
    ObjectKey key = found.name().key();
    try (ObjectBody body = store.open(key, found.revision(), new ByteRange.All())) {
      if (body.length() > LARGEST) {
        throw new StorageException.CorruptBody(
            store.site(), "GetObject", "%s is too large for a segment".formatted(key));
      }
      return body.stream().readNBytes((int) body.length());
    } catch (IOException e) {
      throw new StorageException.Unavailable(
          store.site(), "GetObject", "the body ended early: " + e.getMessage(), e);
    }
  }

  /// Writes a segment where none is, and proves that it arrived.
  void write(SegmentName name, byte[] segment) throws StorageException {
    WriteBody.Buffered body = WriteBody.Buffered.of(segment);
    ObjectKey key = name.key();
    WriteReceipt receipt = store.put(new PutRequest(key, ATTRIBUTES, body, WriteCondition.ABSENT));
    ObjectTransfer.prove(store, key, receipt, body.sha256());
  }

  /// Removes the segments of a chain for good, key by key.
  void remove(List<Found> chain) throws StorageException {
    for (Found found : chain) {
      switch (found.revision()) {
        case Revision.Version(var versionId) -> store.deleteVersion(found.name().key(), versionId);
        case Revision.Matching(String etag) ->
            store.delete(found.name().key(), new WriteCondition.Matching(etag));
        case Revision.Current() -> throw new IllegalArgumentException("a revision must be pinned");
      }
    }
  }
}
