package org.vistadr.cli.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.vistadr.api.RestoreView;
import org.vistadr.api.WireJson;
import org.vistadr.cli.output.CommandFailure;

/// What the daemon tells of one restore as it happens. Where nothing is told, because the line is
/// broken or a proxy holds it back, the caller has to ask. Safe for use by many threads.
public final class RestoreFeed implements AutoCloseable {

  /// The daemon breaks its silence each 15 s.
  private static final long LONGEST_SILENCE = Duration.ofSeconds(20).toNanos();

  private static final Duration BEFORE_NEXT_TRY = Duration.ofSeconds(3);

  private final HttpCaller http;
  private final String path;
  private final ObjectMapper json = WireJson.mapper();
  private final AtomicReference<Optional<RestoreView>> latest =
      new AtomicReference<>(Optional.empty());
  private volatile long heardAt = System.nanoTime();
  private volatile boolean closed;

  RestoreFeed(HttpCaller http, String id) {
    this.http = http;
    this.path = "/events?topics=restore:" + id;
    Thread.ofVirtual().name("restore-feed").start(this::listen);
  }

  /// The restore as it was told last; empty when that may be old.
  public Optional<RestoreView> latest() {
    return System.nanoTime() - heardAt > LONGEST_SILENCE ? Optional.empty() : latest.get();
  }

  private void listen() {
    while (!closed) {
      try (InputStream body = http.content(path, Optional.empty()).body();
          BufferedReader lines =
              new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
        read(lines);
      } catch (IOException | CommandFailure broken) {
        // The caller asks meanwhile, and tells when the daemon is gone.
      }
      latest.set(Optional.empty());
      try {
        Thread.sleep(BEFORE_NEXT_TRY);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void read(BufferedReader lines) throws IOException {
    String name = "";
    for (String line = lines.readLine(); line != null && !closed; line = lines.readLine()) {
      heardAt = System.nanoTime();
      if (line.startsWith("event: ")) {
        name = line.substring("event: ".length());
      } else if (line.startsWith("data: ")) {
        latest.set(
            name.equals("progress") || name.equals("state")
                ? Optional.of(json.readValue(line.substring("data: ".length()), RestoreView.class))
                : Optional.empty());
      }
    }
  }

  /// Stops listening. The line itself ends with the next thing that is told.
  @Override
  public void close() {
    closed = true;
  }
}
