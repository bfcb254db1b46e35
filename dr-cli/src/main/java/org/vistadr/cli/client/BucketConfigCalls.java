package org.vistadr.cli.client;

import com.fasterxml.jackson.core.type.TypeReference;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vistadr.api.BucketConfigView;
import org.vistadr.api.Page;

/// Calls about bucket configurations.
public final class BucketConfigCalls {

  private final HttpCaller http;

  BucketConfigCalls(HttpCaller http) {
    this.http = http;
  }

  /// Which version is meant: that of a moment, or of a number; of neither the default of the call.
  public record Which(Optional<Instant> at, Optional<Long> version) {}

  /// One version, and how things stand.
  public BucketConfigView.State show(Which which) {
    return http.get("/bucket-config?" + query("at", "version", which), new TypeReference<>() {});
  }

  /// A page of versions, newest first.
  public Page<BucketConfigView.Entry> history(int limit, Optional<String> cursor) {
    return http.get(
        "/bucket-config/history?limit=%d%s"
            .formatted(limit, cursor.map(text -> "&cursor=" + encoded(text)).orElse("")),
        new TypeReference<>() {});
  }

  /// What differs between two versions.
  public BucketConfigView.Diff diff(Which from, Which to) {
    return http.get(
        "/bucket-config/diff?" + query("from", "fromVersion", from) + query("to", "toVersion", to),
        new TypeReference<>() {});
  }

  /// Reads it now.
  public BucketConfigView.Reading read() {
    return http.post("/bucket-config/read", Map.of(), Map.of(), new TypeReference<>() {});
  }

  /// Accepts the newest version.
  public BucketConfigView.State accept(long version, String reason) {
    return http.post(
        "/bucket-config/accept",
        new BucketConfigView.Accept(version, reason),
        Map.of(),
        new TypeReference<>() {});
  }

  /// What setting a bucket to a version would change.
  public BucketConfigView.Plan plan(Which which, String to, List<String> only) {
    return http.get(
        "/bucket-config/restore-plan?"
            + query("at", "version", which)
            + "to="
            + encoded(to)
            + (only.isEmpty() ? "" : "&only=" + encoded(String.join(",", only))),
        new TypeReference<>() {});
  }

  /// Carries a plan out.
  public BucketConfigView.Restored restore(BucketConfigView.Restore request) {
    return http.postPatiently(
        "/bucket-config/restores", request, Map.of(), new TypeReference<>() {});
  }

  private static String query(String at, String version, Which which) {
    return which.at.map(moment -> at + "=" + encoded(moment.toString()) + "&").orElse("")
        + which.version.map(number -> version + "=" + number + "&").orElse("");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
