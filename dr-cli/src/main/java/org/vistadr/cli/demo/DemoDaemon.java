package org.vistadr.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vistadr.cli.commands.DaemonProgram;
import org.vistadr.storage.SiteConfig;

/// The real daemon as a child process, on free ports of this machine.
final class DemoDaemon implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern ADDRESS =
      Pattern.compile("started version=\\S+ .*?application=\\S*?:(\\d+) admin=\\S*?:(\\d+)");

  private final Process process;
  private final Path log;
  private final Path token;
  private volatile int port;
  private volatile int adminPort;

  private DemoDaemon(Process process, Path log, Path token) {
    this.process = process;
    this.log = log;
    this.token = token;
  }

  /// Writes a configuration for the sites and starts the daemon; [#awaitAnswer()] comes next.
  ///
  /// @param classPath the daemon's
  static DemoDaemon start(Path java, String classPath, DemoFolder folder, List<SiteConfig> sites)
      throws IOException {
    Path config = folder.file("config.yml", configuration(folder, sites));
    Path log = folder.path().resolve("daemon.log");
    ProcessBuilder builder =
        new ProcessBuilder(
                java.toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath,
                DaemonProgram.MAIN_CLASS,
                "server",
                config.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    // The configuration of a daemon that really protects something must not leak into the demo.
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("S3_") || name.startsWith("AWS_"));
    Process process = builder.start();
    process.getOutputStream().close();
    return new DemoDaemon(process, log, folder.path().resolve("catalog").resolve("token"));
  }

  /// Waits until it answers.
  DemoDaemon awaitAnswer() throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end && process.isAlive()) {
      Matcher address = ADDRESS.matcher(Files.exists(log) ? Files.readString(log) : "");
      if (address.find()) {
        port = Integer.parseInt(address.group(1));
        adminPort = Integer.parseInt(address.group(2));
        return this;
      }
      process.waitFor(50, TimeUnit.MILLISECONDS);
    }
    throw new IOException(process.isAlive() ? "the daemon does not answer" : "the daemon ended");
  }

  private static String configuration(DemoFolder folder, List<SiteConfig> sites)
      throws IOException {
    StringBuilder text = new StringBuilder("primary:\n");
    text.append(site(folder, sites.getFirst(), "  "));
    text.append("  scanInterval: 3s\n");
    text.append("secondaries:\n");
    for (SiteConfig site : sites.subList(1, sites.size())) {
      text.append("  - name: ").append(site.name().value()).append('\n');
      text.append(site(folder, site, "    "));
      text.append("    objective: 1m\n");
    }
    text.append("replicateInterval: 3s\n");
    text.append("store:\n  path: ").append(folder.folder("catalog")).append('\n');
    text.append("server:\n");
    for (String connectors : List.of("applicationConnectors", "adminConnectors")) {
      text.append("  %s: [{type: http, bindHost: 127.0.0.1, port: 0}]%n".formatted(connectors));
    }
    return text.toString();
  }

  private static String site(DemoFolder folder, SiteConfig site, String indent) throws IOException {
    if (!(site.credentials() instanceof SiteConfig.Credentials.Keys keys)) {
      throw new IllegalStateException("the demo's servers have keys");
    }
    Path secret = folder.file(site.name().value() + "-secret", keys.secretKey().reveal());
    secret.toFile().setReadable(false, false);
    secret.toFile().setReadable(true, true);
    secret.toFile().setWritable(false, false);
    return Map.of(
            "provider", site.profile().name(),
            "endpoint", site.endpoint().orElseThrow().toString(),
            "region", site.region(),
            "bucket", site.bucket(),
            "accessKey", keys.accessKey(),
            "secretKeyFile", secret.toString())
        .entrySet()
        .stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> "%s%s: \"%s\"%n".formatted(indent, entry.getKey(), entry.getValue()))
        .reduce("", String::concat);
  }

  /// Where it listens.
  String address() {
    return "http://127.0.0.1:" + port;
  }

  /// Where its metrics are.
  String metrics() {
    return "http://127.0.0.1:" + adminPort + "/metrics";
  }

  /// File with an administrator's token.
  Path token() {
    return token;
  }

  /// Waits until it ends, which it should not.
  void awaitEnd() throws InterruptedException {
    process.waitFor();
  }

  /// Ends it without ceremony: what it has done is durable, and nothing here is needed any more.
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
