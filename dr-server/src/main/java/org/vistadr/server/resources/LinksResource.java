package org.vistadr.server.resources;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.vistadr.api.LinkRequest;
import org.vistadr.api.LinkView;
import org.vistadr.model.Sha256;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.view.Link;
import org.vistadr.server.config.Role;
import org.vistadr.server.engine.Engine;
import org.vistadr.storage.StorageException;

/// `/objects/links`: a link under which anybody can read exactly one version for a while. Each one
/// is logged, without the link itself.
@Path("/api/v1/objects/links")
@Produces(MediaType.APPLICATION_JSON)
public final class LinksResource {

  private static final Logger LOG = LoggerFactory.getLogger(LinksResource.class);
  private static final long DEFAULT_SECONDS = 3600;

  /// The signature allows no more.
  private static final long MOST_SECONDS = Duration.ofDays(7).toSeconds();

  private final Engine engine;

  /// @param engine what is asked
  public LinksResource(Engine engine) {
    this.engine = engine;
  }

  /// Makes a link. Nothing is written to any site.
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Role.OPERATOR)
  @Audited("link-made")
  public LinkView link(@Nullable LinkRequest request)
      throws RestoreRefusedException, StorageException {
    if (request == null) {
      throw ApiException.bad("body-missing", "the request has no body", "say which key");
    }
    long seconds = request.validSeconds().orElse(DEFAULT_SECONDS);
    if (seconds < 1 || seconds > MOST_SECONDS) {
      throw ApiException.bad(
          "validity-invalid",
          "a link cannot be valid for %d seconds".formatted(seconds),
          "ask for 1 second to 7 days (%d seconds)".formatted(MOST_SECONDS));
    }
    Link link =
        engine
            .restores()
            .views()
            .link(
                Parameters.key(request.key()),
                ContentResource.which(request.at(), request.version(), request.nearest()),
                Duration.ofSeconds(seconds));
    LOG.info(
        "audit action=link key=\"{}\" version={} site={} expires={} requestId={}",
        link.version().key(),
        link.version().versionId(),
        link.site(),
        link.expiresAt(),
        MDC.get(RequestIds.PROPERTY));
    return new LinkView(
        link.url(),
        link.site().value(),
        link.expiresAt(),
        link.version().key().value(),
        link.version().versionId().value(),
        link.version().lastModified(),
        link.version().entry().bytes(),
        link.version().sha256().map(Sha256::hex),
        link.doubt().map(doubt -> ViewAnswers.ambiguous(link.version().key(), doubt)));
  }
}
