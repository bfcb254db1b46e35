package org.vistadr.embedded;

import java.io.File;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.containers.MinIOContainer;
import org.testcontainers.utility.DockerImageName;
import org.vistadr.storage.ArchiveClass;
import org.vistadr.storage.ProviderProfile;
import org.vistadr.storage.ProviderProfiles;
import org.vistadr.storage.Secret;
import org.vistadr.storage.SiteConfig;

/// Real S3 servers that the machine happens to have, started on a free port with a directory of
/// their own. What ran and what was absent is written to `target/s3-servers.txt`, so that a run
/// without them does not look like one with them.
public final class S3Servers {

  private static final Logger LOG = LoggerFactory.getLogger(S3Servers.class);
  private static final Path REPORT = Path.of("target", "s3-servers.txt");
  private static final Map<String, Optional<Running>> STARTED = new HashMap<>();

  private S3Servers() {}

  /// A server that answers.
  ///
  /// @param endpoint where
  /// @param keys its account
  public record Running(URI endpoint, SiteConfig.Credentials.Keys keys) {}

  /// A `minio` from the PATH; empty when there is none. One for the whole JVM.
  public static synchronized Optional<Running> minio() {
    return STARTED.computeIfAbsent(
        "minio",
        name ->
            onPath(name)
                .map(program -> {
                  int port = freePort();
                  Running server =
                      new Running(
                          URI.create("http://127.0.0.1:" + port),
                          new SiteConfig.Credentials.Keys(
                              "test-minio", new Secret("test-minio-secret")));
                  start(
                      server,
                      Map.of(
                          "MINIO_ROOT_USER",
                          "test-minio",
                          "MINIO_ROOT_PASSWORD",
                          "test-minio-secret",
                          "MINIO_BROWSER",
                          "off"),
                      directory ->
                          List.of(
                              program.toString(),
                              "server",
                              directory.toString(),
                              "--address",
                              "127.0.0.1:" + port,
                              "--console-address",
                              "127.0.0.1:" + freePort()));
                  return server;
                }));
  }

  /// MinIO in a container; empty where there is no Docker. The image is that of
  /// `VISTADR_TEST_MINIO_IMAGE`, or the last one that was published.
  public static synchronized Optional<Running> minioContainer() {
    return STARTED.computeIfAbsent(
        "minio-container",
        _ -> {
          boolean docker =
              System.getenv("DOCKER_HOST") != null || Files.exists(Path.of("/var/run/docker.sock"));
          if (!docker) {
            return Optional.empty();
          }
          String image =
              Optional.ofNullable(System.getenv("VISTADR_TEST_MINIO_IMAGE"))
                  .orElse("quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z");
          try {
            // Ends with the JVM: Testcontainers removes what it started.
            MinIOContainer container =
                new MinIOContainer(
                    DockerImageName.parse(image).asCompatibleSubstituteFor("minio/minio"));
            container.start();
            return Optional.of(
                new Running(
                    URI.create(container.getS3URL()),
                    new SiteConfig.Credentials.Keys(
                        container.getUserName(), new Secret(container.getPassword()))));
          } catch (RuntimeException e) {
            LOG.warn("no MinIO container from image {}: {}", image, e.getMessage());
            return Optional.empty();
          }
        });
  }

  /// A `moto_server` from the PATH; empty when there is none. One for the whole JVM.
  public static synchronized Optional<Running> moto() {
    return STARTED.computeIfAbsent(
        "moto_server",
        name ->
            onPath(name)
                .map(program -> {
                  int port = freePort();
                  Running server =
                      new Running(
                          URI.create("http://127.0.0.1:" + port),
                          new SiteConfig.Credentials.Keys("test", new Secret("test")));
                  start(
                      server,
                      Map.of(),
                      _ ->
                          List.of(
                              program.toString(), "-H", "127.0.0.1", "-p", Integer.toString(port)));
                  return server;
                }));
  }

  /// The server that the environment names: `VISTADR_TEST_S3_ENDPOINT`, `_ACCESS_KEY` and
  /// `_SECRET_KEY`.
  public static Optional<Running> given() {
    return Optional.ofNullable(System.getenv("VISTADR_TEST_S3_ENDPOINT"))
        .filter(text -> !text.isBlank())
        .map(endpoint ->
            new Running(
                URI.create(endpoint),
                new SiteConfig.Credentials.Keys(
                    System.getenv("VISTADR_TEST_S3_ACCESS_KEY"),
                    new Secret(System.getenv("VISTADR_TEST_S3_SECRET_KEY")))));
  }

  /// A program of this name on the PATH.
  public static Optional<Path> onPath(String program) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      Path file = Path.of(folder.isEmpty() ? "." : folder, program);
      if (Files.isExecutable(file) && Files.isRegularFile(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /// Writes down that the contract ran against a server.
  public static void ran(String name, Optional<Running> server) {
    String what =
        server
            .map(running -> "ran " + name + " " + version(name, running))
            .orElse("absent " + name);
    report(what);
  }

  private static void report(String what) {
    try {
      Files.createDirectories(REPORT.getParent());
      Files.writeString(
          REPORT, what.strip() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Writes down whether there is a program that the tests do not start by themselves: run the
  /// contract against it by the `VISTADR_TEST_S3_*` variables.
  public static void seen(String program) {
    report(onPath(program).isPresent() ? "not started " + program : "absent " + program);
  }

  /// A site on such a server.
  public static SiteConfig site(
      Running server, org.vistadr.model.SiteName name, String bucket, String profile) {
    var known = ProviderProfiles.byName(profile).orElseThrow();
    return new SiteConfig(
        name,
        Optional.of(server.endpoint()),
        Optional.ofNullable(System.getenv("VISTADR_TEST_S3_REGION")).orElse(known.defaultRegion()),
        bucket,
        server.keys(),
        known,
        SiteConfig.Limits.DEFAULT);
  }

  /// A new bucket's site on a moto server, which has archive classes.
  public static SiteConfig archives(Running server, org.vistadr.model.SiteName name) {
    return new SiteConfig(
        name,
        Optional.of(server.endpoint()),
        ProviderProfiles.AWS.defaultRegion(),
        TestS3.freshName(),
        server.keys(),
        withArchives(ProviderProfiles.AWS),
        SiteConfig.Limits.DEFAULT);
  }

  /// A profile with the archive classes of AWS, for a server that is found by path.
  public static ProviderProfile withArchives(ProviderProfile like) {
    return like(
        like,
        like.name() + "-with-archives",
        like.checksCrc32c(),
        ProviderProfiles.AWS.storageClasses(),
        ProviderProfiles.AWS.archiveClasses());
  }

  /// A profile that says of a server found by path that it checks CRC32C.
  public static ProviderProfile withCrc32c(ProviderProfile like) {
    return like(
        like, like.name() + "-with-crc32c", true, like.storageClasses(), like.archiveClasses());
  }

  private static ProviderProfile like(
      ProviderProfile like,
      String name,
      boolean checksCrc32c,
      Set<String> storageClasses,
      Map<String, ArchiveClass> archiveClasses) {
    return new ProviderProfile(
        name,
        true,
        like.defaultRegion(),
        like.checksums(),
        like.batchDelete(),
        like.versioning(),
        like.versionsFolders(),
        like.conditionalPut(),
        like.conditionalCopySource(),
        like.serverSideCopy(),
        like.tagging(),
        like.etagIsMd5(),
        checksCrc32c,
        like.listsFromAnyKey(),
        like.notifications(),
        like.singlePutLimit(),
        like.minPartSize(),
        like.maxPartSize(),
        like.maxParts(),
        like.maxObjectSize(),
        storageClasses,
        archiveClasses);
  }

  private interface CommandLine {
    List<String> in(Path directory);
  }

  private static void start(Running server, Map<String, String> environment, CommandLine command) {
    try {
      Path directory = Files.createTempDirectory("vistadr-test-server-");
      ProcessBuilder builder =
          new ProcessBuilder(command.in(directory))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD);
      builder.environment().putAll(environment);
      Process process = builder.start();
      Runtime.getRuntime()
          .addShutdownHook(
              Thread.ofPlatform()
                  .unstarted(() -> {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                    delete(directory);
                  }));
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
      while (!answers(server.endpoint())) {
        if (process.waitFor(100, TimeUnit.MILLISECONDS) || System.nanoTime() > end) {
          throw new IllegalStateException("the server did not start: " + command.in(directory));
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Whether it is ready: one that is still starting says that it is unavailable.
  private static boolean answers(URI endpoint) {
    try {
      int status = connect(endpoint).getResponseCode();
      return status > 0 && status != HttpURLConnection.HTTP_UNAVAILABLE;
    } catch (IOException _) {
      return false;
    }
  }

  /// What the program says of itself, or what the server calls itself.
  private static String version(String name, Running server) {
    try {
      Optional<Path> program = name.equals("minio") ? onPath(name) : Optional.empty();
      if (program.isPresent()) {
        Process process =
            new ProcessBuilder(program.get().toString(), "--version")
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return output.lines().findFirst().orElse("").replace("minio version ", "");
      }
      String called = connect(server.endpoint()).getHeaderField("Server");
      return called == null ? "" : called;
    } catch (IOException _) {
      return "";
    }
  }

  private static HttpURLConnection connect(URI endpoint) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) endpoint.toURL().openConnection();
    connection.setConnectTimeout(2000);
    connection.setReadTimeout(5000);
    return connection;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void delete(Path tree) {
    try (var paths = Files.walk(tree)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | java.io.UncheckedIOException _) {
      // Left for the system's own cleaning of temporary files.
    }
  }
}
