package org.vistadr.server.resources;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.vistadr.api.WireJson;
import org.vistadr.catalog.RepeatedRequests.Before;
import org.vistadr.model.Sha256;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.storage.StorageException;

/// Starts work once for each `Idempotency-Key`, for a day and across restarts: the same request
/// again gets what it started the first time. Safe for use by many threads.
final class RepeatedRequests {

  private static final int LONGEST_KEY = 200;
  private static final ObjectMapper JSON = WireJson.mapper();

  private final org.vistadr.catalog.RepeatedRequests known;
  private final InstantSource clock;
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();

  RepeatedRequests(org.vistadr.catalog.RepeatedRequests known, InstantSource clock) {
    this.known = known;
    this.clock = clock;
  }

  /// Work that a request asks for.
  @FunctionalInterface
  interface Work {
    /// Starts it.
    ///
    /// @return the id of what was started
    String start() throws RestoreRefusedException, StorageException;
  }

  /// Starts the work, unless the key started it before.
  ///
  /// @param key from the header; absent starts it in any case
  /// @param path what is asked for
  /// @param body the request
  /// @return the id of what was started, now or before
  String once(@Nullable String key, String path, Object body, Work work)
      throws RestoreRefusedException, StorageException {
    if (key == null) {
      return work.start();
    }
    if (key.isBlank() || key.length() > LONGEST_KEY) {
      throw ApiException.bad(
          "idempotency-key-invalid",
          "an Idempotency-Key has 1 to %d characters".formatted(LONGEST_KEY),
          "use a new UUID for each request");
    }
    if (!underWay.add(key)) {
      throw ApiException.conflict(
          "request-under-way",
          "a request with this Idempotency-Key is being carried out",
          "ask again in a moment for what it started");
    }
    try {
      var request = hash(path, body);
      Optional<Before> before = known.find(key, clock.instant());
      if (before.isPresent()) {
        requireSame(before.get(), request);
        return before.get().result();
      }
      var result = work.start();
      known.remember(key, new Before(request, result), clock.instant());
      return result;
    } finally {
      underWay.remove(key);
    }
  }

  private static void requireSame(Before before, String request) {
    if (!before.request().equals(request)) {
      throw new ApiException(
          422,
          "idempotency-key-reused",
          "the Idempotency-Key was used for another request",
          "make a new key for each request",
          List.of());
    }
  }

  private static String hash(String path, Object body) {
    try {
      byte[] bytes = (path + "\n" + JSON.writeValueAsString(body)).getBytes(StandardCharsets.UTF_8);
      return Sha256.digest(bytes, 0, bytes.length).hex();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a request that was read can be written", e);
    }
  }
}
