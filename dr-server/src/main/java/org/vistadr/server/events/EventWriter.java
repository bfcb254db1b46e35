package org.vistadr.server.events;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Writes events as server-sent events (WHATWG HTML, section 9.2) until the listener goes, falls
/// behind or the daemon stops. While nothing happens a comment shows that the line is alive.
///
/// @param heartbeat the longest silence
public record EventWriter(Duration heartbeat) {

  /// How often it is looked whether the daemon stops.
  private static final Duration LOOK = Duration.ofMillis(500);

  /// Writes until the end.
  ///
  /// @throws IOException when the listener is gone
  public void write(Subscription events, OutputStream out)
      throws IOException, InterruptedException {
    text(out, "retry: 3000\n\n");
    if (events.unknownStart()) {
      text(out, "event: reset\ndata: {}\n\n");
    }
    for (var event : events.missed()) {
      text(out, frame(events, event));
    }
    out.flush();
    var silence = Duration.ZERO;
    while (!events.closed()) {
      var wait = heartbeat.compareTo(LOOK) < 0 ? heartbeat : LOOK;
      var event = events.next(wait);
      if (event.isPresent()) {
        text(out, frame(events, event.get()));
        out.flush();
        silence = Duration.ZERO;
        continue;
      }
      if (events.tooSlow()) {
        text(out, "event: reset\ndata: {}\n\n");
        out.flush();
        return;
      }
      silence = silence.plus(wait);
      if (silence.compareTo(heartbeat) >= 0) {
        text(out, ": heartbeat\n\n");
        out.flush();
        silence = Duration.ZERO;
      }
    }
  }

  private static String frame(Subscription events, Event event) {
    return "id: %s\nevent: %s\ndata: %s\n\n"
        .formatted(events.id(event), event.name(), event.data());
  }

  private static void text(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
