package org.vistadr.server.resources;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.VersionId;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.source.Content;
import org.vistadr.restore.view.AsOf;
import org.vistadr.restore.view.Views;
import org.vistadr.restore.view.Which;
import org.vistadr.server.config.Role;
import org.vistadr.server.engine.Engine;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.StorageException;

/// `/objects/{key}/content`: the bytes of a key as of a moment, or of one version.
@Path("/api/v1/objects")
public final class ContentResource {

  private static final Pattern RANGE = Pattern.compile("bytes=(\\d*)-(\\d*)");

  private final Engine engine;
  private final Times times;

  /// @param engine what is asked
  /// @param times reads moments
  public ContentResource(Engine engine, Times times) {
    this.times = times;
    this.engine = engine;
  }

  /// The bytes; for keys that do not fit into a path.
  @GET
  @Path("/content")
  @Needs(Role.OPERATOR)
  public Response contentByQuery(
      @QueryParam("key") @Nullable String key,
      @QueryParam("at") @Nullable String at,
      @QueryParam("version") @Nullable String version,
      @QueryParam("nearest") @Nullable String nearest,
      @HeaderParam("Range") @Nullable String range)
      throws RestoreRefusedException, StorageException {
    return content(key, at, version, nearest, range);
  }

  /// The bytes, whole or one range of them.
  @GET
  @Path("/{key: .+}/content")
  @Needs(Role.OPERATOR)
  public Response content(
      @PathParam("key") @Nullable String key,
      @QueryParam("at") @Nullable String at,
      @QueryParam("version") @Nullable String version,
      @QueryParam("nearest") @Nullable String nearest,
      @HeaderParam("Range") @Nullable String range)
      throws RestoreRefusedException, StorageException {
    ObjectKey object = Parameters.key(key);
    Which which =
        which(
            times.time("at", at),
            Optional.ofNullable(version),
            Parameters.flag("nearest", nearest));
    Views views = engine.restores().views();
    Content whole = views.content(object, which, ByteRange.ALL);
    long size = whole.version().entry().bytes();
    Optional<ByteRange.Slice> slice;
    try {
      slice = slice(range, size);
    } catch (ApiException e) {
      whole.close();
      throw e;
    }
    if (slice.isEmpty()) {
      return answer(whole, Response.ok(), size).build();
    }
    RecordedVersion exact = whole.version();
    whole.close();
    // The very version that the size belongs to, whatever happened meanwhile.
    Content part = views.content(object, pinned(which, exact), slice.get());
    long last = slice.get().offset() + slice.get().length() - 1;
    return answer(part, Response.status(206), slice.get().length())
        .header("Content-Range", "bytes %d-%d/%d".formatted(slice.get().offset(), last, size))
        .build();
  }

  /// Which version a request means.
  static Which which(Optional<Instant> at, Optional<String> version, boolean nearest) {
    if (at.isPresent() && version.isPresent()) {
      throw ApiException.bad("at-and-version", "both at and version are given", "give one");
    }
    return version
        .<Which>map(id -> new Which.Version(new VersionId(id)))
        .orElseGet(() -> new Which.At(new AsOf(at, nearest)));
  }

  private static Which pinned(Which which, RecordedVersion exact) {
    return switch (which) {
      case Which.At(var asOf) when asOf.at().isEmpty() -> new Which.Version(exact.versionId());
      case Which.At at -> at;
      case Which.Version version -> version;
    };
  }

  private static Response.ResponseBuilder answer(
      Content content, Response.ResponseBuilder response, long length) {
    RecordedVersion version = content.version();
    StreamingOutput bytes =
        output -> {
          try (content) {
            content.body().stream().transferTo(output);
          }
        };
    version.sha256().ifPresent(hash -> response.header("X-Vistadr-Sha256", hash.hex()));
    content
        .doubt()
        .ifPresent(doubt -> response.header("X-Vistadr-Ambiguous", doubt.doubt().text()));
    return response
        .entity(bytes)
        // Never shown by a browser as a page of ours, whatever it says it is.
        .type("application/octet-stream")
        .header("Content-Disposition", "attachment")
        .header("Content-Security-Policy", "sandbox")
        .header("Accept-Ranges", "bytes")
        .header("Content-Length", length)
        .header(
            "X-Vistadr-Content-Type",
            content.body().head().attributes().contentType().orElse("application/octet-stream"))
        .header("X-Vistadr-Version-Id", version.versionId().value())
        .header("X-Vistadr-Last-Modified", version.lastModified().toString())
        .header("X-Vistadr-Source", content.from().value());
  }

  private static Optional<ByteRange.Slice> slice(@Nullable String range, long size) {
    if (range == null) {
      return Optional.empty();
    }
    Matcher parts = RANGE.matcher(range.strip());
    if (!parts.matches() || (parts.group(1).isEmpty() && parts.group(2).isEmpty())) {
      // As RFC 9110 has it: a range that is not understood is no range.
      return Optional.empty();
    }
    try {
      long first;
      long last = size - 1;
      if (parts.group(1).isEmpty()) {
        first = Math.max(0, size - Long.parseLong(parts.group(2)));
      } else {
        first = Long.parseLong(parts.group(1));
        last = parts.group(2).isEmpty() ? last : Math.min(last, Long.parseLong(parts.group(2)));
      }
      if (first <= last) {
        return Optional.of(new ByteRange.Slice(first, last - first + 1));
      }
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
    throw new ApiException(
        416,
        "range-not-satisfiable",
        "%s is outside of %d bytes".formatted(range, size),
        "ask for bytes that are there",
        java.util.List.of());
  }
}
