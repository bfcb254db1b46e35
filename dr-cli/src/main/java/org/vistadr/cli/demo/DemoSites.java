package org.vistadr.cli.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.vistadr.embedded.EmbeddedS3;
import org.vistadr.model.SiteName;
import org.vistadr.storage.BucketAdmin;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.ObjectStores;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.StorageException;

/// Three S3 servers, each with a bucket: the primary and a secondary with versioning, a secondary
/// without. Bounded heaps; all end with [#close()] and with this JVM.
final class DemoSites implements AutoCloseable {

  static final String BUCKET = "vista";
  static final SiteName VERSIONED = new SiteName("copy-versioned");
  static final SiteName PLAIN = new SiteName("copy-plain");

  private final List<EmbeddedS3> servers;
  private final List<SiteConfig> sites;
  private final List<ObjectStore> stores = new ArrayList<>();

  private DemoSites(List<EmbeddedS3> servers) {
    this.servers = servers;
    this.sites =
        List.of(
            servers.get(0).site(SiteName.PRIMARY, BUCKET),
            servers.get(1).site(VERSIONED, "vista-copy-1"),
            servers.get(2).site(PLAIN, "vista-copy-2"));
  }

  /// Starts all three at the same time and creates the buckets.
  ///
  /// @param jar the embedded server's program
  static DemoSites start(Path jar, DemoFolder folder, Clock clock)
      throws IOException, InterruptedException, StorageException {
    Path files = folder.folder("copy-plain");
    EmbeddedS3.Storage memory = new EmbeddedS3.Storage.Memory();
    List<EmbeddedS3.Options> options =
        List.of(
            EmbeddedS3.Options.of(jar, memory, folder.path().resolve("primary.log"))
                .withMaxHeap("448m"),
            EmbeddedS3.Options.of(jar, memory, folder.path().resolve("copy-versioned.log"))
                .withMaxHeap("384m"),
            EmbeddedS3.Options.of(
                    jar,
                    new EmbeddedS3.Storage.Directory(files),
                    folder.path().resolve("copy-plain.log"))
                .withMaxHeap("256m"));
    DemoSites started = new DemoSites(startAll(options));
    try {
      for (SiteConfig site : started.sites) {
        try (BucketAdmin admin = new BucketAdmin(site, clock)) {
          admin.createBucket();
          if (!site.name().equals(PLAIN)) {
            admin.enableVersioning();
          }
        }
        started.stores.add(ObjectStores.open(site, clock));
      }
      return started;
    } catch (StorageException | RuntimeException failure) {
      started.close();
      throw failure;
    }
  }

  private static List<EmbeddedS3> startAll(List<EmbeddedS3.Options> options)
      throws IOException, InterruptedException {
    List<EmbeddedS3> servers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<EmbeddedS3>> starting =
          options.stream().map(each -> threads.submit(() -> EmbeddedS3.start(each))).toList();
      for (Future<EmbeddedS3> server : starting) {
        servers.add(server.get());
      }
      return servers;
    } catch (ExecutionException failure) {
      servers.forEach(EmbeddedS3::close);
      throw new IOException("an S3 server does not start: " + failure.getMessage(), failure);
    }
  }

  /// The primary first.
  List<SiteConfig> sites() {
    return sites;
  }

  /// The primary.
  ObjectStore primary() {
    return stores.getFirst();
  }

  /// Every site's store, the primary first.
  List<ObjectStore> stores() {
    return List.copyOf(stores);
  }

  @Override
  public void close() {
    stores.forEach(ObjectStore::close);
    servers.forEach(EmbeddedS3::kill);
    servers.forEach(EmbeddedS3::close);
  }
}
