package org.vistadr.segments;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.vistadr.catalog.Catalog;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.Entry;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;
import org.vistadr.sync.Secondary;
import org.vistadr.sync.SyncListener;
import org.vistadr.sync.SyncSettings;
import org.vistadr.sync.Synchronizer;

/// A primary, one secondary and a catalog that is told to it.
final class SegmentRig implements AutoCloseable {

  static final SiteName COPY = new SiteName("copy");

  final Path home;
  final ObjectStore primary = TestS3.open(TestS3.versioned(SiteName.PRIMARY));
  final ObjectStore copy;
  Catalog catalog;
  Synchronizer synchronizer;
  long segmentSize = 4 << 20;

  SegmentRig(Path home, boolean versioned) {
    this.home = home;
    copy = TestS3.open(versioned ? TestS3.versioned(COPY) : TestS3.unversioned(COPY));
    open();
  }

  void open() {
    catalog = Catalog.open(directory(), Clock.systemUTC());
    catalog.declareSecondaries(List.of(COPY));
    synchronizer =
        new Synchronizer(
            catalog,
            primary,
            List.of(Secondary.of(copy)),
            SyncSettings.DEFAULT,
            SyncListener.NONE,
            Clock.systemUTC(),
            RandomGenerator.getDefault());
  }

  Path directory() {
    return home.resolve("catalog");
  }

  void put(String key, String text) throws StorageException {
    put(primary, key, text.getBytes(StandardCharsets.UTF_8));
  }

  static void put(ObjectStore store, String key, byte[] bytes) throws StorageException {
    store.put(
        new PutRequest(
            new ObjectKey(key),
            ObjectAttributes.ofContentType("text/plain"),
            WriteBody.Buffered.of(bytes),
            new WriteCondition.Always()));
  }

  void sync() throws StorageException {
    synchronizer.scan();
    synchronizer.replicate(COPY);
  }

  SegmentWriter writer() {
    return writer(copy);
  }

  SegmentWriter writer(ObjectStore to) {
    return new SegmentWriter(
        catalog.segments(), to, home, segmentSize, Clock.systemUTC(), RandomGenerator.getDefault());
  }

  /// Changes something, copies it and tells it.
  SegmentWriter.Written tell(String key, String text) throws Exception {
    put(key, text);
    sync();
    return writer().write();
  }

  /// Loses the catalog and adopts what the secondary tells.
  Adopted adopt() throws Exception {
    catalog.close();
    Files.move(directory(), home.resolve("lost-" + System.nanoTime()));
    Adopted adopted =
        new Adoption(copy, List.of(COPY), Clock.systemUTC(), Adoption.Progress.NONE)
            .adopt(directory());
    open();
    return adopted;
  }

  /// Keys that the secondary shows below a prefix.
  static List<ObjectKey> keys(ObjectStore store, String prefix) throws StorageException {
    List<ObjectKey> keys = new ArrayList<>();
    store
        .listObjects(new ListingRequest(prefix, ListingRequest.Position.BEGINNING, 1000))
        .entries()
        .stream()
        .filter(listed -> listed.entry() instanceof Entry.Content)
        .forEach(listed -> keys.add(listed.key()));
    return keys;
  }

  List<ObjectKey> segments() throws StorageException {
    return keys(copy, SegmentName.FOLDER);
  }

  @Override
  public void close() {
    synchronizer.close();
    catalog.close();
    primary.close();
    copy.close();
  }
}
