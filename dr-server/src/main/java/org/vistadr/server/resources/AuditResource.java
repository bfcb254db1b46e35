package org.vistadr.server.resources;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vistadr.api.AuditEntry;
import org.vistadr.api.Page;
import org.vistadr.catalog.AuditLog;
import org.vistadr.model.AuditEvent;
import org.vistadr.server.config.Role;

/// `/audit`: who changed what, when and why.
@Path("/api/v1/audit")
@Produces(MediaType.APPLICATION_JSON)
public final class AuditResource {

  private final AuditLog log;
  private final Times times;

  /// @param log what is read
  /// @param times reads moments
  AuditResource(AuditLog log, Times times) {
    this.log = log;
    this.times = times;
  }

  /// Entries, newest first.
  @GET
  @Needs(Role.ADMIN)
  public Page<AuditEntry> entries(
      @QueryParam("since") @Nullable String since,
      @QueryParam("who") @Nullable String who,
      @QueryParam("action") @Nullable String action,
      @QueryParam("limit") @Nullable Integer limit,
      @QueryParam("cursor") @Nullable String cursor) {
    int size = Parameters.limit(limit);
    List<AuditEvent> found =
        log.list(
            new AuditLog.Filter(
                times.time("since", since),
                Optional.ofNullable(who).filter(text -> !text.isEmpty()),
                Optional.ofNullable(action).filter(text -> !text.isEmpty())),
            Parameters.numberFromCursor(cursor),
            size + 1);
    return Pages.of(found, size, AuditResource::view, last -> String.valueOf(last.id()));
  }

  /// Whether the log is as it was written. Reads all of it.
  @GET
  @Path("/seals")
  @Needs(Role.ADMIN)
  public AuditEntry.Seals seals() {
    Optional<Long> broken = log.firstBrokenSeal();
    return new AuditEntry.Seals(broken.isEmpty(), broken);
  }

  private static AuditEntry view(AuditEvent event) {
    return new AuditEntry(
        event.id(),
        event.at(),
        event.who(),
        event.action(),
        event.subject(),
        event.reason(),
        event.detail());
  }
}
