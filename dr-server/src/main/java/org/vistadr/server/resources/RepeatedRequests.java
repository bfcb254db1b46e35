package org.vistadr.server.resources;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Remembers what a request with an `Idempotency-Key` led to, for the last thousand of them. After
/// a restart a repetition finds its plan used and is refused with the restore's id, so nothing is
/// done twice either way. Safe for use by many threads.
final class RepeatedRequests {

  private static final int REMEMBERED = 1000;

  private final Map<String, Before> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Before> eldest) {
          return size() > REMEMBERED;
        }
      };

  synchronized Optional<String> find(@Nullable String key, String request) {
    Before before = key == null ? null : known.get(key);
    if (before == null) {
      return Optional.empty();
    }
    if (!before.request().equals(request)) {
      throw new ApiException(
          422,
          "idempotency-key-reused",
          "the key was used for another request",
          "make a new key for each request",
          List.of());
    }
    return Optional.of(before.result());
  }

  synchronized void remember(@Nullable String key, String request, String result) {
    if (key != null) {
      known.put(key, new Before(request, result));
    }
  }

  private record Before(String request, String result) {}
}
