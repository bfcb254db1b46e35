package org.vistadr.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;
import org.vistadr.embedded.EmbeddedS3.Options;
import org.vistadr.embedded.EmbeddedS3.Storage;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.SiteName;
import org.vistadr.storage.BucketAdmin;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.ObjectStores;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.Revision;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;

/// Fresh buckets on real embedded S3 servers for tests. One server of each kind is shared by all
/// tests of a JVM and ends with it.
///
/// ```java
/// SiteConfig site = TestS3.versioned(SiteName.PRIMARY);     // a new empty bucket that keeps versions
/// try (ObjectStore store = TestS3.open(site)) { ... }
/// ```
public final class TestS3 {

  private static final AtomicInteger BUCKETS = new AtomicInteger();
  private static final SharedServer MEMORY = new SharedServer(true);
  private static final SharedServer DISK = new SharedServer(false);

  private TestS3() {}

  private static final class SharedServer {
    private final boolean memory;
    private EmbeddedS3 server;

    SharedServer(boolean memory) {
      this.memory = memory;
    }

    synchronized EmbeddedS3 get() {
      if (server == null) {
        try {
          Path directory = Files.createTempDirectory("vistadr-test-s3-");
          server =
              start(memory ? new Storage.Memory() : new Storage.Directory(directory), directory);
          deleteAtExit(directory);
        } catch (IOException e) {
          throw new IllegalStateException(e);
        }
      }
      return server;
    }
  }

  /// Puts a text object, whatever is there.
  public static void put(ObjectStore store, String key, String text) throws StorageException {
    store.put(
        new PutRequest(
            new ObjectKey(key),
            ObjectAttributes.ofContentType("text/plain"),
            WriteBody.Buffered.of(text.getBytes(StandardCharsets.UTF_8)),
            WriteCondition.ALWAYS));
  }

  /// Whether the key shows an object.
  public static boolean isThere(ObjectStore store, String key) throws StorageException {
    try {
      store.head(new ObjectKey(key), Revision.CURRENT);
      return true;
    } catch (StorageException.NotFound _) {
      return false;
    }
  }

  /// Starts a server of the test's own; the test closes it.
  public static EmbeddedS3 start(Storage storage, Path directory) {
    return start(Options.of(jar(), storage, logIn(directory)));
  }

  /// Starts a server of the test's own; the test closes it.
  public static EmbeddedS3 start(Options options) {
    try {
      return EmbeddedS3.start(options);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Where the build put the server's jar.
  public static Path jar() {
    String jar = System.getProperty("vistadr.s3proxy.jar");
    if (jar != null && Files.exists(Path.of(jar))) {
      return Path.of(jar);
    }
    Path here = Path.of("target", "s3proxy", "s3proxy.jar");
    return Files.exists(here) ? here : Path.of("..", "dr-core", "target", "s3proxy", "s3proxy.jar");
  }

  /// The shared server whose buckets can keep versions.
  public static EmbeddedS3 memoryServer() {
    return MEMORY.get();
  }

  /// The shared server without versions.
  public static EmbeddedS3 diskServer() {
    return DISK.get();
  }

  /// A new empty bucket that keeps versions.
  public static SiteConfig versioned(SiteName name) {
    SiteConfig site = memoryServer().site(name, freshName());
    admin(
        site,
        admin -> {
          admin.createBucket();
          admin.enableVersioning();
        });
    return site;
  }

  /// A new empty bucket on the server that could keep versions, but does not yet.
  public static SiteConfig unversionedInMemory(SiteName name) {
    SiteConfig site = memoryServer().site(name, freshName());
    admin(site, BucketAdmin::createBucket);
    return site;
  }

  /// A new empty bucket on the server that keeps no versions.
  public static SiteConfig unversioned(SiteName name) {
    SiteConfig site = diskServer().site(name, freshName());
    admin(site, BucketAdmin::createBucket);
    return site;
  }

  /// Opens a store on it, with retries and pacing as in production.
  public static ObjectStore open(SiteConfig site) {
    return ObjectStores.open(site, Clock.systemUTC());
  }

  /// A bucket name that was not used yet.
  public static String freshName() {
    return "test-%d-%d".formatted(ProcessHandle.current().pid(), BUCKETS.incrementAndGet());
  }

  /// Something to do to a bucket.
  @FunctionalInterface
  public interface BucketTask {
    /// Does it.
    void with(BucketAdmin admin) throws StorageException;
  }

  /// Does something to a site's bucket.
  public static void admin(SiteConfig site, BucketTask task) {
    try (BucketAdmin admin = new BucketAdmin(site, Clock.systemUTC())) {
      task.with(admin);
    } catch (StorageException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path logIn(Path directory) {
    return directory.resolveSibling(directory.getFileName() + ".log");
  }

  private static void deleteAtExit(Path directory) {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(() -> {
                  delete(directory);
                  delete(logIn(directory));
                }));
  }

  private static void delete(Path tree) {
    try (var paths = Files.walk(tree)) {
      for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | java.io.UncheckedIOException _) {
      // Left for the system's own cleaning of temporary files.
    }
  }
}
