package org.vistadr.embedded;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ProviderProfiles;
import org.vistadr.storage.Secret;
import org.vistadr.storage.SiteConfig;

/// A real S3 server on the loopback interface: S3Proxy as a child process, with credentials of its
/// own. It dies when it is closed and when this JVM ends.
///
/// Its limits: sorts keys by UTF-16, refuses keys with `//`, has no tags, holds up to some 20,000
/// objects well.
public final class EmbeddedS3 implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final Thread hook;
  private final URI endpoint;
  private final String accessKey;
  private final Secret secretKey;

  private EmbeddedS3(Process process, URI endpoint, String accessKey, Secret secretKey) {
    this.process = process;
    this.endpoint = endpoint;
    this.accessKey = accessKey;
    this.secretKey = secretKey;
    this.hook = Thread.ofPlatform().unstarted(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /// Where the objects are kept.
  public sealed interface Storage {
    /// In memory, gone at the end. Buckets can keep versions.
    record Memory() implements Storage {}

    /// In a directory, which must exist. No versions.
    ///
    /// @param directory holds a folder for each bucket
    record Directory(Path directory) implements Storage {}
  }

  /// How to start a server.
  ///
  /// @param jar S3Proxy with its dependencies
  /// @param storage where the objects are kept
  /// @param log gets all output; overwritten
  /// @param maxHeap the server's heap, `256m` say
  /// @param port empty for a free one
  /// @param keys empty for random ones
  public record Options(
      Path jar,
      Storage storage,
      Path log,
      String maxHeap,
      Optional<Integer> port,
      Optional<SiteConfig.Credentials.Keys> keys) {

    /// A free port, random keys and half a GiB of heap.
    public static Options of(Path jar, Storage storage, Path log) {
      return new Options(jar, storage, log, "512m", Optional.empty(), Optional.empty());
    }

    /// The same with another heap.
    public Options withMaxHeap(String heap) {
      return new Options(jar, storage, log, heap, port, keys);
    }

    /// The same at the address and with the keys of a server that was stopped.
    public Options inPlaceOf(EmbeddedS3 server) {
      return new Options(
          jar,
          storage,
          log,
          maxHeap,
          Optional.of(server.endpoint.getPort()),
          Optional.of(server.keys()));
    }
  }

  /// Starts a server and waits until it answers.
  ///
  /// @throws IOException when it does not start; the message holds the end of its output
  public static EmbeddedS3 start(Options options) throws IOException, InterruptedException {
    if (!Files.isReadable(options.jar())) {
      throw new IOException(
          "the embedded S3 server is missing: %s\nHINT: build it with ./mvnw -q -pl dr-core generate-resources"
              .formatted(options.jar()));
    }
    // Another process may take the port between our look and the server's start: then try another
    // one.
    IOException last = new IOException("never tried");
    for (int attempt = 0; attempt < 3; attempt++) {
      int port = options.port().isPresent() ? options.port().get() : freePort();
      try {
        return startAt(options, port);
      } catch (IOException e) {
        last = e;
      }
    }
    throw last;
  }

  private static EmbeddedS3 startAt(Options options, int port)
      throws IOException, InterruptedException {
    SecureRandom random = new SecureRandom();
    SiteConfig.Credentials.Keys keys =
        options
            .keys()
            .orElseGet(() ->
                new SiteConfig.Credentials.Keys(
                    "embedded-" + hex(random, 4), new Secret(hex(random, 20))));
    URI endpoint = URI.create("http://127.0.0.1:" + port);
    Path settings = Files.createTempFile("vistadr-s3proxy-", ".properties");
    try {
      List<String> lines = new ArrayList<>();
      lines.add("s3proxy.authorization=aws-v4");
      lines.add("s3proxy.identity=" + keys.accessKey());
      lines.add("s3proxy.credential=" + keys.secretKey().reveal());
      lines.add("s3proxy.endpoint=" + endpoint);
      lines.add("s3proxy.v4-max-non-chunked-request-size=1073741824");
      switch (options.storage()) {
        case Storage.Memory _ -> lines.add("jclouds.provider=transient");
        case Storage.Directory(Path directory) -> {
          lines.add("jclouds.provider=filesystem");
          lines.add(
              "jclouds.filesystem.basedir="
                  + directory.toAbsolutePath().toString().replace("\\", "/"));
        }
      }
      Files.write(settings, lines);
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx" + options.maxHeap(),
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-jar",
                  options.jar().toString(),
                  "--properties",
                  settings.toString())
              .redirectErrorStream(true)
              .redirectOutput(options.log().toFile())
              .start();
      process.getOutputStream().close();
      EmbeddedS3 server = new EmbeddedS3(process, endpoint, keys.accessKey(), keys.secretKey());
      try {
        server.awaitAnswer(options.log());
        return server;
      } catch (IOException | InterruptedException e) {
        server.close();
        throw e;
      }
    } finally {
      Files.deleteIfExists(settings);
    }
  }

  private void awaitAnswer(Path log) throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      if (answers()) {
        return;
      }
      if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
        break;
      }
    }
    String output = Files.exists(log) ? Files.readString(log) : "";
    throw new IOException(
        "the embedded S3 server did not start at %s: %s"
            .formatted(endpoint, output.substring(Math.max(0, output.length() - 2000))));
  }

  private boolean answers() {
    try {
      HttpURLConnection connection = (HttpURLConnection) endpoint.toURL().openConnection();
      connection.setConnectTimeout(1000);
      connection.setReadTimeout(5000);
      try {
        // Without a signature this is refused, which is an answer.
        return connection.getResponseCode() > 0;
      } finally {
        connection.disconnect();
      }
    } catch (IOException _) {
      return false;
    }
  }

  /// Scheme, host and port.
  public URI endpoint() {
    return endpoint;
  }

  /// The one account of the server.
  public SiteConfig.Credentials.Keys keys() {
    return new SiteConfig.Credentials.Keys(accessKey, secretKey);
  }

  /// A site on this server.
  public SiteConfig site(SiteName name, String bucket) {
    return new SiteConfig(
        name,
        Optional.of(endpoint),
        ProviderProfiles.S3PROXY.defaultRegion(),
        bucket,
        keys(),
        ProviderProfiles.S3PROXY,
        SiteConfig.Limits.DEFAULT);
  }

  /// The server's process id.
  public long pid() {
    return process.pid();
  }

  /// Ends the server at once, as a crash would.
  public void kill() {
    process.destroyForcibly();
    await();
  }

  @Override
  public void close() {
    process.destroy();
    await();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The JVM is going down, the hook runs anyway.
    }
  }

  private void await() {
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        process.waitFor(10, TimeUnit.SECONDS);
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String hex(SecureRandom random, int bytes) {
    byte[] data = new byte[bytes];
    random.nextBytes(data);
    return HexFormat.of().formatHex(data);
  }
}
