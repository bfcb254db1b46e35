package org.vistadr.catalog;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What requests led to that came with a key of their own, for a day: a client that does not know
/// whether its request arrived sends it again and starts nothing twice. Safe for use by many
/// threads.
public final class RepeatedRequests {

  /// How long a key is remembered.
  public static final Duration REMEMBERED = Duration.ofHours(24);

  private final Store store;

  RepeatedRequests(Store store) {
    this.store = store;
  }

  /// What a request led to.
  ///
  /// @param request identifies path and body, at most 64 characters
  /// @param result the id of what was started
  public record Before(String request, String result) {}

  /// What the key was used for within the last day.
  public Optional<Before> find(String key, Instant now) {
    return store.read(handle ->
        handle
            .select(
                "SELECT request, result FROM repeated_request WHERE request_key = ? AND made_at > ?",
                key,
                Codes.nanos(now.minus(REMEMBERED)))
            .map((row, _) -> new Before(row.getString(1), row.getString(2)))
            .findOne());
  }

  /// Remembers what a key was used for, and forgets what is older than a day.
  public void remember(String key, Before before, Instant now) {
    store.run(handle -> {
      handle.execute(
          "DELETE FROM repeated_request WHERE made_at <= ? OR request_key = ?",
          Codes.nanos(now.minus(REMEMBERED)),
          key);
      handle.execute(
          "INSERT INTO repeated_request (request_key, request, result, made_at) VALUES (?, ?, ?, ?)",
          key,
          before.request(),
          before.result(),
          Codes.nanos(now));
    });
  }
}
