package org.vistadr.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The daemon as a process of its own with a small heap, which can be killed.
final class DaemonProcess implements AutoCloseable {

  /// Its largest heap.
  static final int HEAP_MIB = 128;

  private static final Pattern ADDRESS =
      Pattern.compile("started version=\\S+ .*?application=\\S*?:(\\d+) admin=\\S*?:(\\d+)");
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Process process;
  private final String address;
  private final String token;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();

  private DaemonProcess(Process process, String address, String token) {
    this.process = process;
    this.address = address;
    this.token = token;
  }

  /// Starts it and waits until it answers.
  ///
  /// @param store the directory of its catalog
  static DaemonProcess start(Path config, Path store, Path log)
      throws IOException, InterruptedException {
    Files.deleteIfExists(log);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx%dm".formatted(HEAP_MIB),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                VistadrDaemon.class.getName(),
                "server",
                config.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    process.getOutputStream().close();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (process.isAlive() && System.nanoTime() < end) {
      Matcher found = ADDRESS.matcher(Files.readString(log));
      if (found.find()) {
        return new DaemonProcess(
            process,
            "http://127.0.0.1:%s/api/v1".formatted(found.group(1)),
            Files.readString(store.resolve("token")).strip());
      }
      process.waitFor(50, TimeUnit.MILLISECONDS);
    }
    process.destroyForcibly();
    throw new AssertionError("the daemon does not answer:\n" + Files.readString(log));
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(address + path)));
  }

  JsonNode post(String path, String body) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(address + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            request.header("Authorization", "Bearer " + token).build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new AssertionError(answer.statusCode() + " " + answer.body());
    }
    return json.readTree(answer.body());
  }

  /// The most memory that it had so far, in KiB; 0 where the system does not tell.
  long peakKib() throws IOException {
    Path status = Path.of("/proc/%d/status".formatted(process.pid()));
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }

  /// `kill -9`.
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
