package org.vistadr.cli.demo;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.vistadr.model.Entry;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Sha256;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.ListingPage;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ObjectBody;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;

/// What the application and a suspicious reader do with a bucket, past the daemon.
///
/// @param store the bucket
record DemoBucket(ObjectStore store) {

  private static final int AT_ONCE = 8;

  /// Writes an object.
  void put(String key, String contentType, byte[] bytes) throws StorageException {
    store.put(
        new PutRequest(
            new ObjectKey(key),
            ObjectAttributes.ofContentType(contentType),
            WriteBody.Buffered.of(bytes),
            WriteCondition.ALWAYS));
  }

  /// Deletes an object.
  void delete(String key) throws StorageException {
    store.delete(new ObjectKey(key), WriteCondition.ALWAYS);
  }

  /// Writes all items and returns the sum of their bytes.
  ///
  /// @param progress objects and bytes so far
  long fill(List<DemoContent.Item> items, BiConsumer<Long, Long> progress)
      throws InterruptedException, StorageException {
    AtomicLong objects = new AtomicLong();
    AtomicLong bytes = new AtomicLong();
    try (ExecutorService threads =
        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
      List<Future<Void>> writes = new ArrayList<>();
      for (DemoContent.Item item : items) {
        writes.add(
            threads.submit(() -> {
              byte[] content = item.bytes().get();
              put(item.key(), item.contentType(), content);
              long sum = bytes.addAndGet(content.length);
              progress.accept(objects.incrementAndGet(), sum);
              return null;
            }));
      }
      for (Future<Void> write : writes) {
        write.get();
      }
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof StorageException refused) {
        throw refused;
      }
      throw new IllegalStateException(failure.getCause());
    }
    return bytes.get();
  }

  /// The current bytes.
  byte[] read(String key) throws StorageException, IOException {
    try (ObjectBody body = store.open(new ObjectKey(key), Revision.CURRENT, ByteRange.ALL)) {
      return body.stream().readAllBytes();
    }
  }

  /// Hash of the current bytes.
  Sha256 sha256(String key) throws StorageException, IOException {
    byte[] bytes = read(key);
    return Sha256.digest(bytes, 0, bytes.length);
  }

  /// Whether the key has a current object.
  boolean has(String key) throws StorageException {
    try {
      store.head(new ObjectKey(key), Revision.CURRENT);
      return true;
    } catch (StorageException.NotFound absent) {
      return false;
    }
  }

  /// Size by key of every current object that is the application's.
  Map<String, Long> sizes() throws StorageException {
    Map<String, Long> sizes = new TreeMap<>();
    Optional<ListingRequest.Position> from = Optional.of(ListingRequest.Position.BEGINNING);
    while (from.isPresent()) {
      ListingPage page = store.listObjects(ListingRequest.ALL.from(from.get()));
      for (ListedVersion version : page.entries()) {
        if (version.entry() instanceof Entry.Content content && !version.key().isReserved()) {
          sizes.put(version.key().value(), content.size());
        }
      }
      from = page.next();
    }
    return sizes;
  }

  /// The server's clock; whole seconds.
  Instant clock() throws StorageException {
    return store.bucketState().serverTime();
  }

  /// Waits until the server's clock shows a later second, and returns it.
  Instant clockAfter(Instant moment) throws StorageException, InterruptedException {
    Instant now = clock();
    while (!now.isAfter(moment)) {
      Thread.sleep(Duration.ofMillis(50));
      now = clock();
    }
    return now;
  }
}
